"""One way to show a list in the portal: the database searches, filters, sorts, groups and cuts."""

from odoo.fields import Domain
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal, pager

from .. import web_values
from ..portal_format import PortalFormat

# Nobody turns further than so many digits say.
PAGE_DIGITS = 9
# What Odoo's own links into a list may say, too.
PERIOD = ('date_begin', 'date_end')


def chosen(offered, key):
    """Return a key that is offered: the one asked for, or else the first.

    :param dict offered: the choices, the usual one first
    """
    return key if key in offered else next(iter(offered), None)


def page_number(text):
    """Return the number of a page as an address names it, 1 for what is no number.

    >>> page_number('3'), page_number(3), page_number('-3'), page_number('9' * 5000)
    (3, 3, 1, 1)
    """
    text = str(text)
    return int(text) if len(text) <= PAGE_DIGITS and text.isdecimal() else 1


class PortalList(CustomerPortal):
    """Lists of the portal."""

    def _portal_list(
            self, url, records, domain, asked, sortings, filters=None, groupings=None,
            searches=None, columns=None):
        """Return a page of a list, with what the search bar, the table and the pager of the
        portal take. What is asked for and not offered is answered with the first of what is.

        :param str url: the address of the first page
        :param records: the model, as the user who reads: his rights decide what is found
        :param Domain domain: what the list is about
        :param dict asked: the parameters of the address: `page`, `sortby`, `filterby`,
            `groupby`, `search_in` and `search`
        :param dict sortings: the `label` and the `order` of each way to sort
        :param dict filters: the `label` and the `domain` of each filter
        :param dict groupings: of each way to group the `label`, the `order`, and `name`, which
            gives the heading of a record
        :param dict searches: of each place to search in the `label`, its key again as `input`,
            and `domain`, which makes a domain from a text
        :param list columns: the fields that are shown, read together with the search
        :return: `records` with all rights, `groups` (the records by heading), `headings` (by the
            first record of a group), `pager`, `format` for dates, what was chosen, what may be, and
            whether the list is `narrowed`
        :rtype: dict
        """
        offered = {
            'sortby': sortings, 'filterby': filters or {}, 'groupby': groupings or {},
            'search_in': searches or {}}
        choice = {name: chosen(options, asked.get(name)) for name, options in offered.items()}
        search = self._read_search(asked) if searches else ''
        kept = {name: asked.get(name) for name in PERIOD}
        grouping = offered['groupby'].get(choice['groupby'], {})
        orders = [grouping.get('order'), sortings[choice['sortby']]['order'], 'id DESC']
        found, pages = self._portal_page(
            url, records, Domain(domain) & self._choice_domain(offered, choice, search),
            ', '.join(filter(None, orders)), page_number(asked.get('page')), columns,
            {name: key for name, key in {**kept, **choice, 'search': search}.items() if key})
        # sudo: the model - found by the rights of the user; what the rows name, such as a type that
        # is no longer offered, he may not read by himself
        found = found.sudo()
        groups = found.grouped(grouping.get('name', lambda record: ''))
        return {
            **choice,
            'searchbar_sortings': sortings,
            'searchbar_filters': offered['filterby'],
            'searchbar_groupby': offered['groupby'],
            'searchbar_inputs': offered['search_in'],
            'search': search,
            'narrowed': bool(search) or choice['filterby'] != next(iter(offered['filterby']), None),
            'default_url': url,
            'records': found,
            'groups': groups,
            'headings': {group[0].id: name for name, group in groups.items() if name},
            'pager': pages,
            'format': PortalFormat(request.env),
        }

    def _portal_page(self, url, records, domain, order, page, columns, url_args):
        """Return the records of a page, and the pager.

        :param str order: how the database sorts, without ties
        :param dict url_args: what the addresses of the other pages carry
        """
        step = self._items_per_page

        def read(pages):
            return records.search_fetch(
                domain, columns, order=order, limit=step, offset=pages['offset'])

        def pages(total):
            return pager(url, total, page, step, url_args=url_args)

        if not records.has_access('read'):
            return records, pages(0)
        if page == 1:
            # A list that fits on one page is counted by reading it.
            found = read(pages(0))
            return found, pages(
                len(found) if len(found) < step else records.search_count(domain))
        turned = pages(records.search_count(domain))
        return read(turned), turned

    def _choice_domain(self, offered, choice, search):
        """Return what the chosen filter and the search leave of a list."""
        domain = Domain.TRUE
        if choice['filterby']:
            domain &= Domain(offered['filterby'][choice['filterby']]['domain'])
        if search:
            domain &= Domain(offered['search_in'][choice['search_in']]['domain'](search))
        return domain

    def _read_search(self, asked):
        return web_values.line((asked.get('search') or '')[:web_values.LINE_SIZE])

from odoo import fields, models
from odoo.tools import SQL

# What is written in several ways, and is the same.
LETTERS = (
    'áàâãåąéèêëęíìîïóòôõøúùûýÿçñčćďěłńňřśšťůźżž', 'aaaaaaeeeeeiiiiooooouuuyycnccdelnnrsstuzzz')
FORMS = (
    'gmbh|mbh|ag|kg|kgaa|ohg|ek|ug|ltd|limited|llc|llp|inc|plc|corp|co|sa|srl|sarl|sas|bv|nv|oy|ab|aps'
    '|as|spa|sro|dac|lda')


def clean_name_sql(name):
    """Return the statement for a name as it is compared: small letters, no accents, no legal form.

    :param str name: a column, perhaps of a table
    :rtype: SQL
    """
    return SQL(_clean(name))


def name_block_sql(name):
    """Return the statement for how a name begins: names that begin otherwise are not compared.

    :param str name: a column, perhaps of a table
    :rtype: SQL
    """
    return SQL(_block(name))


def _clean(name):
    text = f"lower({name})"
    for letter, letters in (('ä', 'ae'), ('ö', 'oe'), ('ü', 'ue'), ('ß', 'ss')):
        text = f"replace({text}, '{letter}', '{letters}')"
    text = f"translate({text}, '{LETTERS[0]}', '{LETTERS[1]}')"
    return rf"btrim(regexp_replace({text}, '([^[:alnum:]]+|\m({FORMS})\M)+', ' ', 'g'))"


def _block(name):
    clean = _clean(name)
    return f"(left(split_part({clean}, ' ', 1), 3) || left(split_part({clean}, ' ', 2), 2))"


class ResPartner(models.Model):
    """Where a customer was won."""

    _inherit = 'res.partner'

    prospect_source_id = fields.Many2one(
        'utm.source', "Won by", index='btree_not_null', ondelete='set null',
        help="The list, fair or page he came from.")
    prospect_campaign_id = fields.Many2one(
        'utm.campaign', "Won for", index='btree_not_null', ondelete='set null',
        help="The campaign he was made a customer for.")
    prospect_ids = fields.One2many('crm.prospect.row', 'partner_id', "Prospects")

    _prospect_block_idx = models.Index(f"({_block('name')})")

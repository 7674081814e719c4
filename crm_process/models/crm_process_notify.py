import logging
from datetime import timedelta

import psycopg2
import pytz

from odoo import api, fields, models
from odoo.tools import SQL, format_datetime, format_duration

_logger = logging.getLogger(__name__)

# How many people are told in one transaction.
PEOPLE = 50
# So many steps are listed in one message; the rest is counted.
LISTED = 30
ON_SCREEN = 5
# When somebody cannot be told because something is wrong, it is tried again after so long.
RETRY = timedelta(hours=1)


class CrmProcessWarning(models.Model):
    """Tell people what was raised for them: at work, and all of it at once."""

    _inherit = 'crm.process.warning'

    @api.model
    def _send_due(self):
        """Tell the next people everything that is to be told to them now.

        :return: how many warnings were told or put off
        :rtype: int
        """
        self.flush_model()
        rows = self.env.execute_query(SQL(
            """ SELECT id FROM crm_process_warning
                 WHERE date_sent IS NULL AND date_closed IS NULL AND date_notify <= %(now)s
                   AND user_id IN (
                       SELECT DISTINCT user_id FROM crm_process_warning
                        WHERE date_sent IS NULL AND date_closed IS NULL AND date_notify <= %(now)s
                        ORDER BY user_id LIMIT %(people)s)
                 ORDER BY id FOR NO KEY UPDATE SKIP LOCKED """,
            now=fields.Datetime.now(), people=PEOPLE))
        warnings = self.browse(row[0] for row in rows)
        if not warnings._try_to_tell():
            for theirs in warnings.grouped('user_id').values():
                if not theirs._try_to_tell():
                    theirs.date_notify = fields.Datetime.now() + RETRY
        return len(warnings)

    def _try_to_tell(self):
        """Tell the recipients, or nobody if something goes wrong.

        :rtype: bool
        """
        try:
            with self.env.cr.savepoint():
                self._tell()
        except psycopg2.OperationalError:
            raise
        except Exception:
            _logger.warning("%s could not be warned.", self.user_id.mapped('login'), exc_info=True)
            return False
        return True

    def _tell(self):
        """Tell the recipients who are at work; put it off for the others."""
        now = fields.Datetime.now()
        next_work = self.user_id._next_work(now)
        for user, theirs in self.grouped('user_id').items():
            if next_work[user] > now:
                theirs.date_notify = next_work[user]
        at_work = self.filtered(lambda warning: next_work[warning.user_id] <= now)
        at_work.date_sent = now
        highest = at_work._highest()._worst_first()
        by_channel = highest.grouped(lambda warning: warning._reachable_by())
        none = self.browse()
        by_channel.get('activity', none)._send_activities()
        by_channel.get('mail', none)._send_digests()
        by_channel.get('bus', none)._send_messages()

    def _highest(self):
        """Return of the warnings of one step to one person only the highest."""
        highest = {}
        for warning in self.sorted(lambda warning: (warning.level_hours, warning.id)):
            highest[warning.user_id, warning.task_id] = warning.id
        return self.browse(highest.values())

    def _worst_first(self):
        """Return the warnings in the order in which one should act: what is late comes first."""
        statuses = {'late': 0, 'at_risk': 1, 'on_time': 2}
        return self.sorted(lambda warning: (
            statuses[warning.task_id.status], -warning.probability,
            warning.date_deadline or fields.Datetime.now(), warning.id))

    def _reachable_by(self):
        """Return how the recipient is told: mail needs an address, and goes to employees only."""
        user = self.user_id
        if self.channel == 'mail' and (user.share or not user.email):
            return 'activity'
        return self.channel

    # On the list of what one has to do

    def _send_activities(self):
        """Put each document on the list of each recipient, once."""
        if not self:
            return
        existing = {
            (warning.user_id, warning.res_model, warning.res_id): warning.activity_id
            for warning in self.search([
                ('user_id', 'in', self.user_id.ids), ('res_id', 'in', self.mapped('res_id')),
                ('date_closed', '=', False), ('activity_id.active', '=', True)])}
        documents = self.grouped(
            lambda warning: (warning.user_id, warning.res_model, warning.res_id))
        new = {}
        for key, warnings in documents.items():
            values = warnings[0]._prepare_activity_values(warnings)
            if key in existing:
                existing[key].write({
                    name: values[name] for name in ('summary', 'note', 'date_deadline')})
            else:
                new[key] = values
        # The recipient is told by the list itself: no mail for each of them.
        activities = self.env['mail.activity'].with_context(
            mail_activity_quick_update=True).create(list(new.values()))
        existing.update(zip(new, activities, strict=True))
        for key, warnings in documents.items():
            warnings.activity_id = existing[key]

    def _prepare_activity_values(self, warnings):
        """Return the activity about the documents of warnings to one person.

        :param warnings: of one document, the worst first
        :rtype: dict
        """
        theirs = warnings._for_recipient()
        values = {
            'activity_type_id': self.env['ir.model.data']._xmlid_to_res_id(
                'crm_process.mail_activity_type_warning', raise_if_not_found=False),
            'automated': True,
            'user_id': self.user_id.id,
            'date_deadline': theirs[0]._local_date(),
            'summary': theirs[0]._headline(),
            'note': theirs._render('crm_process.warning_lines'),
        }
        if self._document_has_activities():
            values.update({
                'res_model_id': self.env['ir.model']._get_id(self.res_model),
                'res_id': self.res_id})
        return values

    def _document_has_activities(self):
        """Return whether the document has a list of activities of its own."""
        return 'activity_ids' in self.env[self.res_model]._fields

    # By mail

    def _send_digests(self):
        """Send each recipient one mail about all of it; it leaves with the queue of mails."""
        if not self:
            return
        # sudo: mail.mail - the mail is the system's, whoever runs the action
        self.env['mail.mail'].sudo().create([
            theirs._prepare_mail_values() for theirs in self.grouped('user_id').values()])
        self.env.ref('mail.ir_cron_mail_scheduler_action')._trigger()

    def _prepare_mail_values(self):
        """Return the mail to one person, in his language.

        :rtype: dict
        """
        user = self.user_id
        theirs = self._for_recipient()
        subject, intro = theirs._subject_and_intro()
        return {
            'subject': subject,
            'body_html': theirs._render('crm_process.warning_digest', intro=intro),
            'email_from': user.company_id.email_formatted or self.env.user.email_formatted,
            'email_to': user.email_formatted,
            'auto_delete': True,
        }

    def _subject_and_intro(self):
        """Return what the mail says above its list: from the template of the worst, if it has one.

        :rtype: tuple[str, markupsafe.Markup | str]
        """
        user = self.user_id
        subject, intro = self._headline_of_all(), self.env._(
            "These steps are late, or will be if nothing is done.")
        if template := self.level_id.template_id[:1]:
            try:
                with self.env.cr.savepoint():
                    subject, intro = (
                        template._render_field(name, user.ids, set_lang=user.lang)[user.id]
                        for name in ('subject', 'body_html'))
            except psycopg2.OperationalError:
                raise
            except Exception:
                _logger.warning("The template %s fails.", template.name, exc_info=True)
        return subject or self._headline_of_all(), intro

    # On the screen

    def _send_messages(self):
        """Show each recipient one message about all of it."""
        for user, warnings in self.grouped('user_id').items():
            theirs = warnings._for_recipient()
            user._bus_send('crm_process.warning', {
                'lines': [
                    theirs._headline_of_all(),
                    *(warning._line() for warning in theirs[:ON_SCREEN]),
                ],
                'button': theirs.env._("Open Cockpit"),
            })

    # What is said

    def _for_recipient(self):
        """Return the warnings of one person in his language and his time zone."""
        user = self.user_id
        return self.with_context(lang=user.lang, tz=user.tz or self.env.company.partner_id.tz)

    def _render(self, template, **values):
        """Return a text about the warnings of one person.

        :param str template: external id
        :rtype: markupsafe.Markup
        """
        base = self.user_id.get_base_url()
        return self.env['ir.qweb']._render(template, {
            'warnings': self[:LISTED].with_prefetch(self._prefetch_ids),
            'more': len(self) - LISTED,
            'base_url': base,
            'cockpit_url': f'{base}/odoo/process-cockpit',
            **values,
        })

    def _headline_of_all(self):
        if len(self) == 1:
            return self.env._(
                "%(headline)s (%(document)s)", headline=self._headline(), document=self.res_name)
        return self.env._(
            "%(count)s steps need you, first of all %(document)s", count=len(self),
            document=self[0].res_name)

    def _headline(self):
        task = self.task_id
        if task.status == 'late':
            return self.env._("Late: %(step)s", step=task.step_id.name)
        if task.date_deadline <= fields.Datetime.now():
            return self.env._("Overdue: %(step)s", step=task.step_id.name)
        return self.env._("Due soon: %(step)s", step=task.step_id.name)

    def _line(self):
        return self.env._(
            "%(document)s: %(step)s, %(deadline)s", document=self.res_name,
            step=self.task_id.step_id.name, deadline=self._deadline_text())

    def _deadline_text(self):
        """Return until when, and how many working hours are left."""
        task = self.task_id
        time = format_datetime(
            self.env, task.date_deadline, tz=self.env.context.get('tz') or 'UTC',
            dt_format='EEE d MMM HH:mm')
        if task.date_deadline <= fields.Datetime.now() and not task.remaining_hours:
            return self.env._("was due on %(time)s", time=time)
        if task.remaining_hours < 0:
            return self.env._(
                "was due on %(time)s, %(hours)s working hours ago", time=time,
                hours=format_duration(-task.remaining_hours))
        return self.env._(
            "due on %(time)s, in %(hours)s working hours", time=time,
            hours=format_duration(task.remaining_hours))

    def _local_date(self):
        """Return the day of the deadline where the recipient is."""
        zone = pytz.timezone(self.env.context.get('tz') or 'UTC')
        return pytz.utc.localize(self.task_id.date_deadline).astimezone(zone).date()

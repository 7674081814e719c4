"""Pages that only read come from a replica of the database, but not before it has what the reader
has written himself."""

from odoo.http import request, root
from odoo.tools import config

# In the session: up to where the main database had written when the reader last wrote something.
WRITTEN = 'crm_written_until'


def only_read(controller, rule, arguments):
    """Say whether a route may be served by a connection that cannot write.

    It is the ``readonly`` of a route; Odoo asks it on a connection to the replica, if there is one.
    """
    written = request.session.get(WRITTEN)
    if not written:
        return True
    request.env.cr.execute(
        "SELECT NOT pg_is_in_recovery() OR pg_last_wal_replay_lsn() >= %s::pg_lsn", [written])
    return request.env.cr.fetchone()[0]


def remember_what_is_written():
    """Let the session of a reader know how far a replica must be before he reads from it.

    Without a replica nothing is done. The main database tells its position after the commit.
    """
    cr, session = request.env.cr, request.session
    if not config['db_replica_host'] or cr.readonly:
        return
    if request.cookies.get('session_id') != session.sid and not session.uid:
        # A visitor who does not come back with this session.
        return

    @cr.precommit.add
    def look():
        cr.execute("SELECT pg_current_xact_id_if_assigned() IS NOT NULL")
        if cr.fetchone()[0]:
            cr.postcommit.add(remember)

    def remember():
        cr.execute("SELECT pg_current_wal_insert_lsn()::text")
        [session[WRITTEN]] = cr.fetchone()
        root.session_store.save(session)

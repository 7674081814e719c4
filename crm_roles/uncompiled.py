"""Statements that PostgreSQL shall not compile."""

ASKED = 'crm_roles.uncompiled'


def uncompiled(cr):
    """Let PostgreSQL compile no statement until the end of the transaction.

    It compiles what it takes for long work (``jit``). What asks a right of the user for each row
    seems so, because what is asked once counts each time; to compile it takes longer than to do it.

    :param Cursor cr: of the transaction
    """
    if not cr.cache.get(ASKED):
        cr.execute("SET LOCAL jit = off")
        cr.cache[ASKED] = True

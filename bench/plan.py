"""Why something takes so long: how the database does the longest statement of it."""

import threading
from contextlib import contextmanager

import psycopg2


def explain(bench, arm):
    """Return how the database does the statement of some work that takes longest.

    :param bench: the database
    :param arm: what does the work once
    :return: the plan with times and buffers, or why there is none
    :rtype: str
    """
    with _noted() as statements:
        arm()
    if not statements:
        return "It asks the database for nothing."
    seconds, query, params = max(statements, key=lambda statement: statement[0])
    with bench.environment('admin') as env:
        try:
            env.cr._obj.execute(f'EXPLAIN (ANALYZE, BUFFERS) {query}', params)
        except psycopg2.Error as error:
            return f"{1000 * seconds:.1f} ms: {query}\n{error}"
        return '\n'.join(row[0] for row in env.cr._obj.fetchall())


@contextmanager
def _noted():
    """Note the statements of this thread, each with its seconds and parameters."""
    thread, statements = threading.current_thread(), []
    before = getattr(thread, 'query_hooks', ())
    thread.query_hooks = [
        *before, lambda cr, query, params, start, seconds: statements.append(
            (seconds, query, params))]
    try:
        yield statements
    finally:
        thread.query_hooks = before

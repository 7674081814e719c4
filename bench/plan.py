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
    with _noted(bench.noted):
        arm()
    if not bench.noted:
        return "It asks the database for nothing."
    seconds, query, params = max(bench.noted, key=lambda statement: statement[0])
    with bench.environment('admin') as env:
        try:
            env.cr._obj.execute(f'EXPLAIN (ANALYZE, BUFFERS) {query}', params)
        except psycopg2.Error as error:
            return f"{1000 * seconds:.1f} ms: {query}\n{error}"
        return '\n'.join(row[0] for row in env.cr._obj.fetchall())


@contextmanager
def _noted(statements):
    """Note the statements of this thread, each with its seconds and parameters."""
    thread = threading.current_thread()
    before = getattr(thread, 'query_hooks', ())
    thread.query_hooks = [
        *before, lambda cr, query, params, start, seconds: statements.append(
            (seconds, query, params))]
    try:
        yield
    finally:
        thread.query_hooks = before

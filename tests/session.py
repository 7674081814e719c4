"""Somebody who has logged in at a server, and works as the browser lets him."""

import json
import urllib.request
from http.cookiejar import CookieJar


class Refused(AssertionError):
    """What a person would be shown instead of a result; `name` is the kind of error."""

    def __init__(self, error):
        super().__init__(error['data']['message'])
        self.name = error['data']['name']


class Session:
    """Somebody who has logged in; his password is his login."""

    def __init__(self, url, database, login):
        self.url = url
        self.opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(CookieJar()))
        self.ask('/web/session/authenticate', db=database, login=login, password=login)

    def ask(self, path, **params):
        """Return the result of a request.

        :raise Refused: with what the user would be shown
        """
        body = json.dumps({'jsonrpc': '2.0', 'method': 'call', 'params': params}).encode()
        request = urllib.request.Request(
            self.url + path, body, {'Content-Type': 'application/json'})
        with self.opener.open(request, timeout=120) as answer:
            answer = json.load(answer)
        if 'error' in answer:
            raise Refused(answer['error'])
        return answer.get('result')

    def call(self, model, method, *args, **kwargs):
        """Call a method of a model, and return its result."""
        return self.ask(
            f'/web/dataset/call_kw/{model}/{method}', model=model, method=method,
            args=args, kwargs=kwargs)

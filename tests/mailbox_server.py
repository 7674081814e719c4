"""A mailbox that Odoo fetches mails from."""

import socketserver


class Mailbox(socketserver.ThreadingTCPServer):
    """A POP3 server that deletes what it was told to only when it is left in good order.

    `mails` are those in it, by a number that stays.
    """

    allow_reuse_address = daemon_threads = True

    def __init__(self, mails):
        super().__init__(('127.0.0.1', 0), MailboxSession)
        self.mails = dict(enumerate(mails, start=1))


class MailboxSession(socketserver.StreamRequestHandler):

    def handle(self):
        self.box = dict(enumerate(list(self.server.mails.items()), start=1))
        self.deleted = []
        self.say(b'+OK')
        try:
            for line in self.rfile:
                command, *arguments = line.decode().split()
                getattr(self, f'do_{command.lower()}', self.do_other)(*arguments)
                if command.upper() == 'QUIT':
                    return
        except ConnectionError:
            pass  # who was here has died

    def say(self, *lines):
        self.wfile.write(b''.join(line + b'\r\n' for line in lines))

    def do_other(self, *_arguments):
        self.say(b'+OK')

    def do_stat(self):
        size = sum(len(source) for _key, source in self.box.values())
        self.say(b'+OK %d %d' % (len(self.box), size))

    def do_list(self):
        self.say(b'+OK', *(b'%d %d' % (number, len(source))
                           for number, (_key, source) in self.box.items()), b'.')

    def do_retr(self, number):
        lines = self.box[int(number)][1].rstrip(b'\r\n').split(b'\r\n')
        self.say(b'+OK', *(b'.' + line if line.startswith(b'.') else line for line in lines), b'.')

    def do_dele(self, number):
        self.deleted.append(self.box[int(number)][0])
        self.say(b'+OK')

    def do_quit(self):
        for key in self.deleted:
            self.server.mails.pop(key, None)
        self.say(b'+OK')

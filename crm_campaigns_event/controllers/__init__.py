from . import event_invitation

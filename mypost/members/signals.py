"""What happens here that rooms above want to know, within the same transaction.

A room above listens in its AppConfig, so that this one need not know who does.
"""

from django.dispatch import Signal

# member, former (DeclaredAttributes | None), declared, at
attributes_declared = Signal()
# member, source, at: the level is another one now
level_changed = Signal()
# member, at: the mailbox is being closed for good; whoever keeps something of the member ends it
mailbox_closes = Signal()

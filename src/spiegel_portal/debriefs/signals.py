"""What other rooms of the house may hear about debriefs."""

from __future__ import annotations

from django.dispatch import Signal

#: Sent once per lesson, with ``lesson``, inside the transaction that makes it: what a receiver
#: writes stands or falls with the lesson.
lesson_drawn = Signal()

#: Sent with ``lesson`` when its author retires it, inside the same transaction.
lesson_retired = Signal()

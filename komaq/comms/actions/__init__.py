from komaq.comms.actions.message import add_message
from komaq.comms.actions.post import Fact, Notice, post, send_again

__all__ = ["Fact", "Notice", "add_message", "post", "send_again"]

from komaq.comms.actions.forget import forget_person
from komaq.comms.actions.message import add_message
from komaq.comms.actions.post import post, send_again
from komaq.comms.notices import Fact, Notice

__all__ = ["Fact", "Notice", "add_message", "forget_person", "post", "send_again"]

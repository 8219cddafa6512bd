import datetime

from komaq.core.models import Event


def test_a_request_gets_a_code_a_deadline_and_one_event(morning, ask, carla, cat336):
    request = ask(carla, cat336, priority="machine_down")
    assert request.code == "SOL-2026-000001"
    assert request.respond_by == morning + datetime.timedelta(hours=2)
    assert list(Event.objects.values_list("kind", flat=True)) == ["orders.request_received"]

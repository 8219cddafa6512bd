"""What is shorter than it announced is broken, however it is read."""

import io

import pytest

from komaq.core.bodies import WholeBody, whole_bodies


@pytest.mark.parametrize("read", [lambda body: body.read(), lambda body: body.read(10), lambda body: body.readline()])
def test_a_body_that_ends_early_is_an_error(read):
    body = WholeBody(io.BytesIO(b"1234567"), 10)
    with pytest.raises(OSError, match="3 bytes early"):
        read(body)
    assert body.is_cut_off


def test_a_whole_body_reads_like_any():
    body = WholeBody(io.BytesIO(b"a=1\nb=2\ncthe next request"), 9)
    assert (body.readline(), body.read(2), body.readline(100), body.read()) == (b"a=1\n", b"b=", b"2\n", b"c")
    assert (body.read(), body.read(5), body.readline()) == (b"", b"", b"")


def test_what_announces_no_length_is_handed_on():
    seen = []
    run = whole_bodies(lambda environ, _start: seen.append(environ["wsgi.input"].read()) or [])
    for given in ({}, {"CONTENT_LENGTH": ""}, {"CONTENT_LENGTH": "3"}):
        run({"wsgi.input": io.BytesIO(b"abc"), **given}, None)
    assert seen == [b"abc"] * 3

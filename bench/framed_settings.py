"""The product's settings and middleware around the floor's views."""

from bench.product_settings import *  # noqa: F403  the same settings but for what stands here

ROOT_URLCONF = "bench.framed"

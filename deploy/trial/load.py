"""People at work through the proxy: they read, ask for service, and write down what was acknowledged."""

import threading
import time
import uuid

import httpx

from deploy.trial.world import HOST

ASK = "/portal/solicitar/"
SIGN_IN = "/cuentas/ingresar/"


class Person:
    """One browser with an address of its own on loopback."""

    def __init__(self, proxy, number, email="", password=""):
        transport = httpx.HTTPTransport(verify=proxy.trust, local_address=f"127.0.1.{number + 1}", retries=0)
        self.web = httpx.Client(
            base_url=f"https://127.0.0.1:{proxy.https}",
            transport=transport,
            headers={"Host": HOST, "Origin": f"https://{HOST}"},
            timeout=30,
        )
        self.email, self.password, self.form = email, password, {}

    def get(self, path, **more):
        return self.web.get(path, extensions={"sni_hostname": HOST}, **more)

    def post(self, path, data, headers=None, **more):
        token = {"X-CSRFToken": self.web.cookies.get("csrftoken", "")}
        return self.web.post(
            path, data=data, headers=token | (headers or {}), extensions={"sni_hostname": HOST}, **more
        )

    def sign_in(self, headers=None):
        self.get(SIGN_IN)
        return self.post(SIGN_IN, {"login": self.email, "password": self.password}, headers=headers)

    def ask(self, words, key):
        """Send the request for service named `key`; the same key again is the same request."""
        return self.post(ASK, self.form | {"form_key": key, "description": words})


class Load:
    """Everybody reads and asks until told to stop; `failures` are answers that were not the awaited ones."""

    def __init__(self, people, pause=0.0):
        self.people, self.pause = people, pause
        self.acknowledged, self.failures, self.times = {}, [], []
        self.ended = threading.Event()
        self.threads = [threading.Thread(target=self._work, args=(person,)) for person in people]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_error):
        self.ended.set()
        for thread in self.threads:
            thread.join()

    def _work(self, person):
        while not self.ended.is_set():
            self._ask(person)
            self._attempt("GET", lambda: person.get("/portal/"), 200)
            time.sleep(self.pause)

    def _ask(self, person):
        """Ask until it is acknowledged, as somebody does who presses the button again."""
        key = str(uuid.uuid4())
        for _again in range(200):
            answer = self._attempt("POST", lambda: person.ask(f"Prueba {key}", key), 302)
            if answer:
                self.acknowledged[key] = answer.headers["Location"]
                return
            time.sleep(0.1)

    def _attempt(self, method, call, wanted):
        started = time.monotonic()
        try:
            answer = call()
        except httpx.TransportError as error:
            self.failures.append((method, type(error).__name__, time.monotonic()))
            return None
        self.times.append(time.monotonic() - started)
        if answer.status_code == wanted:
            return answer
        self.failures.append((method, answer.status_code, time.monotonic()))
        if answer.status_code == 503 and "Retry-After" not in answer.headers:
            self.failures.append((method, "503 without Retry-After", time.monotonic()))
        return None

    def told(self):
        """Failures in words: how many of which kind."""
        kinds = {}
        for method, kind, _at in self.failures:
            kinds[f"{method} {kind}"] = kinds.get(f"{method} {kind}", 0) + 1
        return ", ".join(f"{count} times {name}" for name, count in sorted(kinds.items())) or "none"

"""Powers of client users: given and ended, never changed in place."""

from komaq.accounts.choices import ScopeKind
from komaq.accounts.models import Grant, User
from komaq.core import clock, trail
from komaq.core.action import action, lock


@action
def give_grant(
    *,
    user: User,
    role: str,
    customer_id: int,
    scope_kind: str = ScopeKind.CUSTOMER,
    scope_id: int | None = None,
    limits: dict | None = None,
    by: User | None,
) -> Grant:
    """Give a client user a role over a company or a site; the caller has checked that `by` may.

    The same power again is the one held; with other limits it takes that one's place.
    """
    scope_id = customer_id if scope_kind == ScopeKind.CUSTOMER else scope_id
    lock(user)
    held = Grant.objects.filter(user=user, role=role, scope_kind=scope_kind, scope_id=scope_id, ended_at=None).first()
    if held and held.limits == (limits or {}):
        return held
    if held:
        Grant.objects.filter(pk=held.pk).update(ended_at=clock.now())
    grant = Grant.objects.create(
        user=user,
        role=role,
        customer_id=customer_id,
        scope_kind=scope_kind,
        scope_id=scope_id,
        limits=limits or {},
        given_by=by,
        given_at=clock.now(),
    )
    _forget_roles(user)
    trail.record(
        "accounts.grant_given",
        user,
        by=by,
        grant=grant.pk,
        role=role,
        customer=customer_id,
        scope=f"{scope_kind}:{scope_id}",
        limits=grant.limits,
    )
    return grant


@action
def end_grant(*, grant: Grant, by: User | None) -> None:
    """Take a power back from now on, open sessions included. Does nothing when it ended before."""
    if not Grant.objects.filter(pk=grant.pk, ended_at=None).update(ended_at=clock.now()):
        return
    _forget_roles(grant.user)
    trail.record("accounts.grant_ended", grant.user, by=by, grant=grant.pk, role=grant.role, customer=grant.customer_id)


def _forget_roles(user: User) -> None:
    """What this object remembers of its powers is read again."""
    user.__dict__.pop("roles", None)
    user.__dict__.pop("live_grants", None)

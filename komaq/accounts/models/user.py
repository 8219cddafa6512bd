import datetime

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils.crypto import salted_hmac
from django.utils.functional import cached_property

from komaq.accounts.choices import CLIENT_ROLES, PERMISSIONS, STAFF_ROLES, Role, ScopeKind
from komaq.accounts.models.employee import PositionChange
from komaq.accounts.models.person import Person
from komaq.core import clock


class UserManager(BaseUserManager):
    def get_queryset(self) -> models.QuerySet:
        return super().get_queryset().select_related("person")

    def with_roles(self) -> models.QuerySet:
        """Users who know already what their position gives them, so that signing in costs one read."""
        held = User.positions_today().filter(employee__person=OuterRef("person"))
        return self.annotate(
            position_roles=Subquery(held.values("position__roles")[:1]),
            left_on=Subquery(held.values("employee__left_on")[:1]),
        )

    def get_by_natural_key(self, email: str) -> "User":
        return self.get(email=email.lower())


class User(AbstractBaseUser):
    """Somebody who may sign in: always one Person. `email` is the address one signs in with."""

    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="user")
    email = models.EmailField(unique=True)
    is_active = models.BooleanField(default=True)
    session_round = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = []
    objects = UserManager()

    def __str__(self) -> str:
        return self.email

    @property
    def name(self) -> str:
        return self.person.name

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Sessions end when the password or the round changes: the round, so that none revives after a ban."""
        marks = f"{self.password}:{self.session_round}"
        return salted_hmac("komaq.accounts.session", marks, secret=secret, algorithm="sha256").hexdigest()

    @cached_property
    def roles(self) -> frozenset[str]:
        """The roles held today: a staff user's by position, a client's by grants. Read once per request."""
        roles, left_on = self._position()
        if roles is None:
            return frozenset(grant.role for grant in self.live_grants)
        return frozenset(roles) & STAFF_ROLES if left_on is None or left_on > clock.today() else frozenset()

    def _position(self) -> tuple[list[str] | None, datetime.date | None]:
        """The roles of the position held today, None without one, and the day the person leaves."""
        if "position_roles" in self.__dict__:
            return self.position_roles, self.left_on
        held = self.positions_today().filter(employee__person_id=self.person_id)
        return held.values_list("position__roles", "employee__left_on").first() or (None, None)

    @staticmethod
    def positions_today() -> models.QuerySet:
        """What everybody's position is or was, the latest first."""
        return PositionChange.objects.filter(effective_on__lte=clock.today()).order_by("-effective_on", "-id")

    @cached_property
    def live_grants(self) -> list["Grant"]:
        """The powers a client user holds now."""
        return list(self.grants.filter(ended_at=None).order_by("id"))

    @property
    def is_staff_member(self) -> bool:
        return bool(self.roles & STAFF_ROLES)

    @property
    def is_client(self) -> bool:
        return bool(self.roles & CLIENT_ROLES)

    def has(self, permission: str) -> bool:
        return any(permission in PERMISSIONS[role] for role in self.roles)

    def holds(self, *roles: str) -> bool:
        return bool(self.roles & set(roles))

    @property
    def customer_ids(self) -> set[int]:
        """The companies of a client user."""
        return {grant.customer_id for grant in self.live_grants}

    def site_ids(self, customer_id: int) -> set[int] | None:
        """The sites a client user is held to within a company; None means all of it."""
        grants = [grant for grant in self.live_grants if grant.customer_id == customer_id]
        if any(grant.scope_kind == ScopeKind.CUSTOMER for grant in grants):
            return None
        return {grant.scope_id for grant in grants}


class Grant(models.Model):
    """A power of a client user: a role over a company or one of its sites, with limits. Data, never code."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="grants")
    role = models.CharField(max_length=20, choices=[(r.value, r.label) for r in Role if r in CLIENT_ROLES])
    customer_id = models.BigIntegerField()
    scope_kind = models.CharField(max_length=10, choices=ScopeKind, default=ScopeKind.CUSTOMER)
    scope_id = models.BigIntegerField()
    limits = models.JSONField(default=dict, blank=True)
    given_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    given_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "scope_kind", "scope_id"],
                condition=Q(ended_at=None),
                name="accounts_grant_once",
            ),
            models.CheckConstraint(
                condition=~Q(scope_kind="customer") | Q(scope_id=models.F("customer_id")),
                name="accounts_grant_scope_is_company",
            ),
        ]
        indexes = [models.Index(fields=["customer_id"], name="accounts_grant_customer")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.role} of {self.scope_kind} {self.scope_id}"

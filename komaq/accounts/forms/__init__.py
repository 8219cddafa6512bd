from komaq.accounts.forms.me import ConsentForm, EraseForm, MyDataForm
from komaq.accounts.forms.people import (
    AreaForm,
    AuditFilter,
    CertificationForm,
    EmployeeForm,
    EndForm,
    HireForm,
    PositionChangeForm,
    PositionForm,
    ReasonForm,
)

__all__ = [
    "AreaForm",
    "AuditFilter",
    "CertificationForm",
    "ConsentForm",
    "EmployeeForm",
    "EndForm",
    "EraseForm",
    "HireForm",
    "MyDataForm",
    "PositionChangeForm",
    "PositionForm",
    "ReasonForm",
]

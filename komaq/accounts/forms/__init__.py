from komaq.accounts.forms.keys import CalendarKeyForm, TokenForm
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
from komaq.accounts.forms.sheets import EMPLOYEES, employee_rows

__all__ = [
    "EMPLOYEES",
    "AreaForm",
    "AuditFilter",
    "CalendarKeyForm",
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
    "TokenForm",
    "employee_rows",
]

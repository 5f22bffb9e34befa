"""The contract as data: ``engagement.yml`` read into frozen, strict models."""

from reviewlib.contract.clauses import Clause
from reviewlib.contract.loading import load_contract
from reviewlib.contract.model import Amendment, Contract
from reviewlib.contract.service_levels import Calendar, Terms

__all__ = ["Amendment", "Calendar", "Clause", "Contract", "Terms", "load_contract"]

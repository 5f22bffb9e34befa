"""The contract as data: ``engagement.yml`` read into frozen, strict models."""

from reviewlib.contract.loading import load_contract
from reviewlib.contract.model import Amendment, Contract
from reviewlib.contract.service_levels import Calendar, Clause, Terms

__all__ = ["Amendment", "Calendar", "Clause", "Contract", "Terms", "load_contract"]

"""An invented organization to look around in: its people, their plans, and, on request, a crowd."""

from recovery_plans.demo.build import build, is_empty, is_only_demo
from recovery_plans.demo.crowd import build_crowd

__all__ = ["build", "build_crowd", "is_empty", "is_only_demo"]

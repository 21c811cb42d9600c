"""Processes that work for another one: what ends them, and what their end is to it."""

import os

import pytest

from engine.domain import MachineFailure
from training.prepare.pool import processes, worked_off


def test_that_a_worker_ended_by_the_system_is_told_and_not_waited_for():
    failure = pytest.raises(MachineFailure, match="most likely for its memory; run again with fewer --workers")
    with failure, processes(2) as pool:
        list(worked_off(os._exit, [9], pool))


def test_that_workers_have_one_thread_and_stand_outside_the_group_that_signals_reach():
    with processes(1) as pool:
        assert pool.submit(os.getpgid, 0).result() != os.getpgid(0)
        assert pool.submit(_threads).result() == 1


def _threads() -> int:
    import torch

    return torch.get_num_threads()

import pytest
import torch

from engine.domain import MachineFailure, RefusedInput
from engine.models.backend import Backend, DeviceChoice, Precision, choose_backend, multiplies_bfloat16

CPU = torch.device("cpu")


def test_that_cuda_asked_for_by_name_is_refused_where_there_is_none(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(RefusedInput, match="use --device cpu or auto"):
        choose_backend(DeviceChoice.CUDA)
    assert choose_backend(DeviceChoice.AUTO).device == CPU


def test_that_the_cpu_can_be_chosen_beside_a_gpu(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    assert choose_backend(DeviceChoice.CPU).device == CPU


@pytest.mark.parametrize("amx", [False, True])
def test_that_a_cpu_runs_bfloat16_by_itself_only_with_amx(monkeypatch, amx):
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: {"amx_bf16": amx})
    assert multiplies_bfloat16(CPU) is amx
    assert choose_backend(DeviceChoice.CPU).bfloat16 is amx
    assert choose_backend(DeviceChoice.CPU, Precision.BFLOAT16).bfloat16
    assert not choose_backend(DeviceChoice.CPU, Precision.FLOAT32).bfloat16


@pytest.mark.parametrize("bfloat16", [False, True])
def test_that_precision_and_inference_hold_inside_and_nowhere_else(bfloat16):
    a = torch.randn(4, 4)
    with Backend(CPU, bfloat16).running("test"):
        assert (a @ a).dtype == (torch.bfloat16 if bfloat16 else torch.float32)
        assert torch.is_inference_mode_enabled()
    assert (a @ a).dtype == torch.float32
    assert not torch.is_inference_mode_enabled()


def test_that_a_failure_of_the_machine_is_one_sentence_and_a_bug_stays_a_bug():
    backend = Backend(CPU, False)
    with pytest.raises(MachineFailure, match=r"^stage: the cpu is out of memory"), backend.running("stage"):
        raise MemoryError
    with pytest.raises(MachineFailure, match=r"^stage: the network failed \(first line\)"), backend.running("stage"):
        raise RuntimeError("first line\nsecond line")
    with pytest.raises(MachineFailure, match=r"^already said$"), backend.running("stage"):
        raise MachineFailure("already said")
    with pytest.raises(ZeroDivisionError), backend.running("stage"):
        raise ZeroDivisionError


def test_that_the_record_names_what_bits_depend_on():
    record = choose_backend(DeviceChoice.CPU, Precision.FLOAT32).record
    assert record["device"] == "cpu"
    assert record["precision"] == "float32"
    assert record["torch"] == torch.__version__

import numpy as np
import torch

from engine.sampling import noise_levels


def test_that_a_seed_gives_the_same_noise_on_any_number_of_threads():
    threads = torch.get_num_threads()
    try:
        torch.set_num_threads(1)
        alone = noise_levels(7, (8, 16))
        torch.set_num_threads(2)
        together = noise_levels(7, (8, 16))
    finally:
        torch.set_num_threads(threads)
    assert all(torch.equal(a, b) for a, b in zip(alone, together, strict=True))


def test_that_seeds_samples_and_levels_are_independent():
    fields = [f.numpy().ravel() for s in (0, 1) for n in (0, 1) for f in noise_levels(s, (16, 16), n)]
    correlation = np.corrcoef(fields) - np.eye(len(fields))
    assert np.abs(correlation).max() < 5 / np.sqrt(16**3)


def test_that_the_noise_is_white_and_standard():
    (field,) = noise_levels(3, (32,))
    assert field.shape == (1, 1, 32, 32, 32)
    assert field.dtype == torch.float32
    assert abs(field.mean()) < 0.03
    assert abs(field.std() - 1) < 0.03


def test_that_the_first_numbers_of_a_seed_never_change():
    (field,) = noise_levels(0, (2,))
    expected = np.random.Generator(np.random.PCG64(np.random.SeedSequence(0, spawn_key=(0, 0))))
    assert field.ravel().tolist() == expected.standard_normal(8, dtype=np.float32).tolist()

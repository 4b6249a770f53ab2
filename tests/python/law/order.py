"""Section 2: the order of every sum. A sum is told where its chunks end; nothing else about it is free."""

from collections.abc import Callable, Iterable, Sequence

from .binary32 import ZERO, add, fma

Chunks = list[range]  # the terms of each chunk, in order


def chunks_over_terms(terms: int) -> Chunks:
    """R(512, 8): every 512 terms are a chunk."""
    return [range(begin, min(begin + 512, terms)) for begin in range(0, terms, 512)]


def chunks_over_pixels(samples: int, p: int, q: int) -> Chunks:
    """Terms are output pixels (n, p, q): whole samples, or whole rows of one sample, to a chunk."""
    return chunks_over_cells(samples, p, q, 512)


def chunks_over_tiles(samples: int, down: int, across: int) -> Chunks:
    """The same for Winograd's tiles (n, i, j), 128 of them."""
    return chunks_over_cells(samples, down, across, 128)


def chunks_over_cells(samples: int, p: int, q: int, most: int) -> Chunks:
    if p * q <= most:
        g = 1
        while 2 * g * p * q <= most:
            g *= 2
        return _runs([n // g for n in range(samples) for _ in range(p * q)])
    rho = max(1, most // q)
    return _runs([(n, i // rho) for n in range(samples) for i in range(p) for _ in range(q)])


def _runs(owner: Sequence[object]) -> Chunks:
    """Term i belongs to chunk owner[i]; equal owners stand side by side."""
    starts = [i for i in range(len(owner)) if i == 0 or owner[i] != owner[i - 1]]
    return [range(begin, end) for begin, end in zip(starts, [*starts[1:], len(owner)])]


def left_fold(values: Sequence[int]) -> int:
    """Starts from the first element; of nothing +0."""
    if not values:
        return ZERO
    total = values[0]
    for value in values[1:]:
        total = add(total, value)
    return total


def fold(chunk_results: Sequence[int]) -> int:
    """Segments of 8 chunk results, then the segments."""
    return left_fold([left_fold(chunk_results[i : i + 8]) for i in range(0, len(chunk_results), 8)])


def chain_products(pairs: Iterable[tuple[int, int] | None]) -> int:
    """One chain from +0. None: a position that counts and adds nothing."""
    accumulator = ZERO
    for pair in pairs:
        if pair is not None:
            accumulator = fma(pair[0], pair[1], accumulator)
    return accumulator


def chain_sum(terms: Iterable[int]) -> int:
    accumulator = ZERO
    for term in terms:
        accumulator = add(accumulator, term)
    return accumulator


def sum_of_products(pairs: Sequence[tuple[int, int] | None], chunks: Chunks, bias: int | None = None) -> int:
    """(sum + bias) + 0.0f."""
    total = fold([chain_products(pairs[i] for i in chunk) for chunk in chunks])
    return add(total if bias is None else add(total, bias), ZERO)


def plain_sum(terms: Sequence[int], chunks: Chunks) -> int:
    return add(fold([chain_sum(terms[i] for i in chunk) for chunk in chunks]), ZERO)


def lane_fold(count: int, step: Callable[[int, int], int]) -> int:
    """64 lanes, blocks of 4096; step(accumulator, i) takes term i into its lane."""
    blocks = []
    for begin in range(0, count, 4096):
        lanes = [ZERO] * 64
        for i in range(begin, min(begin + 4096, count)):
            lanes[i % 64] = step(lanes[i % 64], i)
        for width in (32, 16, 8, 4, 2, 1):
            for j in range(width):
                lanes[j] = add(lanes[j], lanes[j + width])
        blocks.append(lanes[0])
    return add(left_fold(blocks), ZERO)


def lane_sum(terms: Sequence[int]) -> int:
    return lane_fold(len(terms), lambda accumulator, i: add(accumulator, terms[i]))


def lane_products(a: Sequence[int], b: Sequence[int]) -> int:
    """Lane sum of fma(a_i, b_i, acc)."""
    return lane_fold(len(a), lambda accumulator, i: fma(a[i], b[i], accumulator))


def column_sum(rows: int, cols: int, chunks: Chunks, x: Sequence[int]) -> list[int]:
    """Bias gradient: x (rows, cols) summed over its rows."""
    return [plain_sum([x[row * cols + col] for row in range(rows)], chunks) for col in range(cols)]

"""C(M, N) = act((sum over k of op(A)(m, k) * op(B)(k, n) + bias(n)) + 0.0f)."""

from collections.abc import Sequence

from .elementwise import activate
from .order import Chunks, chunks_over_terms, sum_of_products


def gemm(
    layout: str,
    m: int,
    n: int,
    k: int,
    a: Sequence[int],
    b: Sequence[int],
    bias: Sequence[int] | None = None,
    activation: str = "linear",
    chunks: Chunks | None = None,
) -> list[int]:
    """nn: A (M, K), B (K, N). nt: B (N, K). tn: A (K, M). `chunks`: those over k unless the terms are output pixels."""
    chunks = chunks_over_terms(k) if chunks is None else chunks
    rows = [a[i::m] if layout == "tn" else a[i * k : (i + 1) * k] for i in range(m)]
    cols = [b[j * k : (j + 1) * k] if layout == "nt" else b[j::n] for j in range(n)]
    return [
        activate(activation, sum_of_products(list(zip(row, col)), chunks, None if bias is None else bias[j]))
        for row in rows
        for j, col in enumerate(cols)
    ]

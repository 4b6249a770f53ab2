// Products C = op(A) * op(B): "nn,M,N,K", nt and tn as in kernels/gemm.h.
#include "bench.h"
#include "samebits/kernels/registry.h"

namespace {

using namespace samebits;
using namespace samebits::benchmarks;
using namespace samebits::kernels;

Work make(Fields& fields) {
    const auto layout = static_cast<GemmLayout>(fields.choice({"nn", "nt", "tn"}));
    const std::int64_t m = fields.number();
    const std::int64_t n = fields.number();
    const std::int64_t k = fields.number();
    Gemm gemm{.layout = layout,
              .m = m,
              .n = n,
              .k = k,
              .a = nullptr,
              .lda = layout == GemmLayout::tn ? m : k,
              .b = nullptr,
              .ldb = layout == GemmLayout::nt ? k : n,
              .c = nullptr,
              .ldc = n,
              .chunking = numerics::over_terms(k)};
    const Table& table = current();
    const std::size_t space = table.gemm_workspace(gemm);
    const std::int64_t floats = m * k + k * n + m * n;
    const auto memory = arena(floats, space);
    gemm.a = memory->filled(m * k);
    gemm.b = memory->filled(k * n);
    gemm.c = memory->filled(m * n);
    std::byte* const workspace = memory->take(space);
    return {2.0 * static_cast<double>(m * n) * static_cast<double>(k), four_bytes(floats),
            [=, &table, keep = memory] { table.gemm(gemm, workspace); }};
}

}  // namespace

int main(int count, char** arguments) {
    return run("gemm", {"nn,1024,1024,1024", "nt,1024,1024,1024", "tn,1024,1024,1024", "nn,2048,2048,2048", "nn,512,512,512",
                        "nn,256,256,256",    "nn,128,128,128",    "nn,64,64,64",       "nn,32,32,32",       "nn,128,1024,1024",
                        "nt,128,1024,1024",  "tn,1024,1024,128",  "nn,128,1024,100",   "nn,1024,128,1024",  "nn,128,512,784",
                        "nt,128,784,512",    "tn,784,512,128",    "nn,128,128,784",    "nn,784,128,128",    "nn,32,128,784",
                        "tn,784,128,32",     "nn,32,10,128",      "nt,32,128,10",      "tn,128,10,32",      "nn,32,128,64",
                        "nt,32,64,128",      "tn,64,128,32",      "nn,8192,64,576",    "nn,64,256,4608",    "nn,8,1024,1024",
                        "nn,1,1024,1024",    "nn,32,10,10",       "nn,32,32,13",       "nn,1000,1000,1000"},
               make, count, arguments);
}

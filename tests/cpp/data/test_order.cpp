#include "samebits/data/order.h"

#include <algorithm>
#include <cfenv>
#include <cmath>
#include <numeric>

#include "samebits/base/error.h"
#include "samebits/base/thread_pool.h"
#include "support/catch.h"
#include "support/files.h"

using namespace samebits;
using Order = std::vector<std::int64_t>;

TEST_CASE("the order of an epoch is the law's, worked out apart from this library") {
    // tests/cpp/data/order_oracle.py
    CHECK(epoch_order(12, 0, 0, true) == Order{1, 8, 7, 5, 10, 3, 4, 6, 0, 11, 2, 9});
    CHECK(epoch_order(12, 7, 0, true) == Order{8, 3, 5, 11, 7, 9, 1, 0, 4, 2, 10, 6});
    CHECK(epoch_order(12, 7, 1, true) == Order{11, 10, 2, 9, 6, 4, 5, 7, 3, 1, 0, 8});
    CHECK(epoch_order(12, 0xfedcba9876543210, 4294967295, true) == Order{8, 4, 2, 10, 3, 7, 5, 6, 0, 11, 1, 9});
}

TEST_CASE("an epoch visits every sample once; unshuffled, in the order given") {
    Order all(1000);
    std::iota(all.begin(), all.end(), 0);
    CHECK(epoch_order(1000, 7, 3, false) == all);
    Order order = epoch_order(1000, 7, 3, true);
    CHECK(order != all);
    CHECK(order == epoch_order(1000, 7, 3, true));
    std::sort(order.begin(), order.end());
    CHECK(order == all);
    CHECK(epoch_order(0, 7, 0, true).empty());
    CHECK(epoch_order(1, 7, 0, true) == Order{0});
}

TEST_CASE("the order is one for any number of threads") {
    const int threads = thread_count();
    set_thread_count(1);
    const Order one = epoch_order(1000, 7, 3, true);
    for (const int n : {2, 3, 8}) {
        set_thread_count(n);
        CHECK(epoch_order(1000, 7, 3, true) == one);
    }
    set_thread_count(threads);
}

TEST_CASE("more samples do not reorder those that were there") {
    const Order many = epoch_order(100, 7, 2, true);
    Order first;
    for (const std::int64_t i : many)
        if (i < 40) first.push_back(i);
    CHECK(first == epoch_order(40, 7, 2, true));
}

TEST_CASE("counts outside 0 ... 2^32 - 1 are refused") {
    CHECK_THROWS_AS(epoch_order(-1, 7, 0, true), InvalidArgument);
    CHECK_THROWS_AS(epoch_order(std::int64_t{1} << 32, 7, 0, false), InvalidArgument);
}

TEST_CASE("the validation part starts where Keras starts it") {
    CHECK(validation_start(1500, 0.0) == 1500);
    CHECK(validation_start(1500, 0.1) == 1350);
    CHECK(validation_start(10, 0.3) == 7);
    CHECK(validation_start(10, 0.7) == 3);  // 10 * (1.0 - 0.7) = 3.0000000000000004
    CHECK(validation_start(10, 0.9) == 0);  // 10 * (1.0 - 0.9) = 0.9999999999999998
    CHECK(validation_start(100, 0.41) == 59);
    CHECK(validation_start(0, 0.5) == 0);
    std::fesetround(FE_UPWARD);
    const std::int64_t upward = validation_start(500, 0.07);  // 464.99999999999994, not 465
    std::fesetround(FE_TONEAREST);
    CHECK(upward == 464);
    for (const double split : {-0.1, 1.0, 2.0, static_cast<double>(NAN)})
        CHECK(
            test::contains(test::message_of<InvalidArgument>([&] { validation_start(10, split); }), "[fit] validation_split"));
}

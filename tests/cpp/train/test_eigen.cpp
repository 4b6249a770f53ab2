#include "samebits/eigen.h"

#include "samebits/samebits.h"
#include "support/catch.h"

using namespace samebits;

TEST_CASE("eigen: any storage order, blocks and maps train to the same bits without a copy") {
    const Digits digits = load_digits();
    const auto* pixels = static_cast<const unsigned char*>(digits.x_train.data);
    const Eigen::Matrix<unsigned char, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> rows =
        Eigen::Map<const Eigen::Matrix<unsigned char, 1500, 64, Eigen::RowMajor>>(pixels);
    const Eigen::MatrixXf columns = rows.cast<float>();
    const Eigen::MatrixXd wide = [&] {
        Eigen::MatrixXd m = Eigen::MatrixXd::Zero(1600, 70);
        m.block(20, 3, 1500, 64) = rows.cast<double>();
        return m;
    }();
    const Eigen::VectorXi labels =
        Eigen::Map<const Eigen::Matrix<unsigned char, 1500, 1>>(static_cast<const unsigned char*>(digits.y_train.data))
            .cast<int>();

    const auto digest = [&](const ArrayView& x) {
        Sequential model({layers::Dense{.units = 10, .activation = "softmax"}}, {.seed = 2});
        model.compile({.optimizer = "sgd", .loss = "sparse_categorical_crossentropy"});
        model.fit(x, view(labels), {.verbose = Verbose::silent});
        return model.digest();
    };
    const std::string want = digest({pixels, DType::uint8, {1500, 64}});
    CHECK(digest(view(rows)) == want);
    CHECK(digest(view(columns)) == want);
    CHECK(digest(view(wide.block(20, 3, 1500, 64))) == want);
    CHECK(view(columns).data == columns.data());
}

TEST_CASE("eigen: a tensor as a matrix shares its memory") {
    const Tensor tensor({2, 3, 2});
    map(tensor).setConstant(4);
    map(tensor)(1, 5) = 7;
    CHECK(tensor.data()[11] == 7);
    CHECK(map(tensor).rows() == 2);
    CHECK(map(tensor).cols() == 6);
    CHECK_THROWS_AS(map(Tensor(Shape{})), InvalidArgument);
}

// How the library refuses: fail<InvalidArgument>("[Dense] units must be at least 1; got units={}", units).
// Internal header: it brings in fmt, so no public header includes it.
#pragma once

#include <fmt/format.h>

#include <utility>

#include "samebits/base/error.h"

namespace samebits {

template <class E = InvalidArgument, class... Args>
[[noreturn]] void fail(fmt::format_string<Args...> text, Args&&... args) {
    throw E(fmt::format(text, std::forward<Args>(args)...));
}

// For rules of the caller.
template <class E = InvalidArgument, class... Args>
void require(bool holds, fmt::format_string<Args...> text, Args&&... args) {
    if (!holds) throw E(fmt::format(text, std::forward<Args>(args)...));
}

// Runs body; what it refuses is thrown again as the same exception, in the words of retell(message).
template <class F, class Retell>
auto retold(F&& body, Retell&& retell) {
    try {
        return body();
    } catch (const NotImplemented& error) {
        throw NotImplemented(retell(error.what()));
    } catch (const TypeMismatch& error) {
        throw TypeMismatch(retell(error.what()));
    } catch (const InvalidArgument& error) {
        throw InvalidArgument(retell(error.what()));
    }
}

// For our own bugs: never reached by bad input.
inline void ensure(bool holds, const char* what) {
    if (!holds) throw InternalError(fmt::format("[internal] {}; this is a bug of samebits, please report it", what));
}

}  // namespace samebits

// The exceptions a program can meet. A mistake of the caller and a bug of ours are different types.
// Every message reads `[op] rule; got ...; do ...`.
#pragma once

#include <stdexcept>
#include <string>

#include "samebits/base/api.h"

namespace samebits {

// Base of all: what() is the whole message.
class SAMEBITS_API Error : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// A value that breaks a rule: Python's ValueError.
class SAMEBITS_API InvalidArgument : public Error {
public:
    using Error::Error;
};

// A value of the wrong type: Python's TypeError.
class SAMEBITS_API TypeMismatch : public Error {
public:
    using Error::Error;
};

// Python's IndexError.
class SAMEBITS_API IndexOutOfRange : public Error {
public:
    using Error::Error;
};

// A file that is missing, cut short or not what it says it is: Python's OSError.
class SAMEBITS_API IoError : public Error {
public:
    using Error::Error;
};

// What Keras has under this name and samebits has not yet: Python's NotImplementedError.
class SAMEBITS_API NotImplemented : public Error {
public:
    using Error::Error;
};

// A run that went wrong although nothing asked was wrong (a non-finite loss): Python's RuntimeError.
class SAMEBITS_API RunFailed : public Error {
public:
    using Error::Error;
};

// A loss, gradient, weight or optimizer slot became NaN or infinite.
class SAMEBITS_API NonFinite : public RunFailed {
public:
    using RunFailed::RunFailed;
};

// The operating system gave no memory: Python's MemoryError.
class SAMEBITS_API OutOfMemory : public Error {
public:
    using Error::Error;
};

// The caller asked to stop between two steps (Ctrl-C): Python's KeyboardInterrupt.
class SAMEBITS_API Interrupted : public Error {
public:
    using Error::Error;
};

// A bug of ours; please report it.
class SAMEBITS_API InternalError : public Error {
public:
    using Error::Error;
};

}  // namespace samebits

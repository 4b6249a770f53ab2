// SAMEBITS_API marks what a program outside may use; all else cannot be seen in the library. Where the CMake package brings the
// static one it defines SAMEBITS_STATIC: a plugin that hides its own symbols hides these too, and two with a samebits each do
// not meet.
#pragma once

#ifdef SAMEBITS_STATIC
#define SAMEBITS_API
#else
#define SAMEBITS_API __attribute__((visibility("default")))
#endif

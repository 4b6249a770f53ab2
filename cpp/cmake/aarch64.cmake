# Toolchain file: Debian's g++-aarch64-linux-gnu on another machine; its programs run under qemu-user (docs/aarch64.md).
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_CXX_COMPILER aarch64-linux-gnu-g++)
set(CMAKE_CROSSCOMPILING_EMULATOR qemu-aarch64 -L /usr/aarch64-linux-gnu)

# Compiled libraries are the target's alone; headers and packages may be this machine's, for all that is used of them are headers.
set(CMAKE_FIND_ROOT_PATH /usr/aarch64-linux-gnu)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE BOTH)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE BOTH)
file(GLOB packages /usr/lib/*-linux-gnu/cmake/fmt)  # Debian keeps it beside this machine's compiled fmt, where no search looks
foreach(package IN LISTS packages)
  set(fmt_DIR ${package})
endforeach()

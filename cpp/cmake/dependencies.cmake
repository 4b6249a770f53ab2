# C++ libraries: the system's, else pip's (cmeel's prefix or plain headers), else a pinned download. One line says where each
# came from, because sources mix silently. None of them appears in a public header or in the installed target.
include(FetchContent)
option(SAMEBITS_DOWNLOAD "Download a C++ library that is neither in the system nor in pip's folders" ON)

# The folders pip installs into, as sys.path has them: inside pip's isolated builds they are not where sysconfig says.
set(samebits_python_parts Interpreter)
if(SAMEBITS_PYTHON)
  list(APPEND samebits_python_parts Development.Module)
endif()
find_package(Python 3.11 QUIET COMPONENTS ${samebits_python_parts})
if(Python_EXECUTABLE)
  execute_process(COMMAND ${Python_EXECUTABLE} -c "import sys; print(';'.join(p for p in sys.path if p.endswith('-packages')))"
                  OUTPUT_VARIABLE samebits_pip OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
endif()

# Every PATHS below is a last resort, looked at after the system.
macro(samebits_find_package name)
  set(samebits_hints ${samebits_pip})
  list(TRANSFORM samebits_hints APPEND /cmeel.prefix)
  find_package(${name} ${ARGN} CONFIG QUIET PATHS ${samebits_hints})
  if(${name}_FOUND)
    message(STATUS "samebits: ${name} ${${name}_VERSION} from ${${name}_DIR}")
  endif()
endmacro()

# The full hash of a commit pins every byte of it; the version is for people.
macro(samebits_download name version url commit packages)
  if(NOT SAMEBITS_DOWNLOAD)
    message(FATAL_ERROR "samebits needs ${name}; it is not on this machine; install it (${packages}) or set SAMEBITS_DOWNLOAD=ON")
  endif()
  find_package(Git QUIET)
  set(samebits_unreachable ON)
  string(TOUPPER ${name} samebits_upper)
  string(TOLOWER ${name} samebits_lower)
  if(FETCHCONTENT_SOURCE_DIR_${samebits_upper} OR FETCHCONTENT_FULLY_DISCONNECTED
     OR EXISTS ${FETCHCONTENT_BASE_DIR}/${samebits_lower}-src)
    set(samebits_unreachable OFF)  # the sources are here: CMake's ways to say where, or an earlier run
  elseif(Git_FOUND)
    execute_process(COMMAND ${CMAKE_COMMAND} -E env GIT_TERMINAL_PROMPT=0 ${GIT_EXECUTABLE} ls-remote ${url} HEAD
                    RESULT_VARIABLE samebits_unreachable OUTPUT_QUIET ERROR_QUIET TIMEOUT 60)
  endif()
  if(samebits_unreachable)
    message(FATAL_ERROR "samebits needs ${name}; it is not on this machine, and git cannot fetch it from ${url}; "
                        "install it (${packages})")
  endif()
  message(STATUS "samebits: ${name} is not on this machine (${packages}): downloading ${version} from ${url}")
  FetchContent_Declare(${name} SYSTEM GIT_REPOSITORY ${url} GIT_TAG ${commit} ${ARGN})  # SYSTEM last breaks CMake 3.25
  FetchContent_MakeAvailable(${name})
endmacro()

if(NOT TARGET fmt::fmt-header-only)
  samebits_find_package(fmt 9)
  if(NOT TARGET fmt::fmt-header-only)
    set(FMT_INSTALL OFF)
    samebits_download(fmt 11.2.0 https://github.com/fmtlib/fmt.git 40626af88bd7df9a5fb80be7b25ac85b122d6c21
                      "apt: libfmt-dev, pip: cmeel-fmt")
  endif()
endif()

# Headers alone, by path: pip's json has no package file, and Debian's toml++ package would link a shared library.
function(samebits_headers name header version url commit packages)
  set(hints ${samebits_pip})
  list(TRANSFORM hints APPEND /nlohmann_json)
  find_path(SAMEBITS_${name}_INCLUDE ${header} PATHS ${hints} PATH_SUFFIXES include)
  if(NOT SAMEBITS_${name}_INCLUDE)
    samebits_download(${name} ${version} ${url} ${commit} ${packages} SOURCE_SUBDIR headers-only)
    set(SAMEBITS_${name}_INCLUDE ${${name}_SOURCE_DIR}/include)
  endif()
  message(STATUS "samebits: ${name} from ${SAMEBITS_${name}_INCLUDE}")
  add_library(samebits_${name} INTERFACE IMPORTED GLOBAL)  # imported: a compiler's warnings about it are not ours
  target_include_directories(samebits_${name} INTERFACE ${SAMEBITS_${name}_INCLUDE})
endfunction()

samebits_headers(json nlohmann/json.hpp 3.11.3 https://github.com/nlohmann/json.git 9cca280a4d0ccf0c08f47a99aa71d1b0e52f8d03
                 "apt: nlohmann-json3-dev, pip: nlohmann-json")
samebits_headers(toml toml++/toml.h 3.4.0 https://github.com/marzer/tomlplusplus.git 30172438cee64926dc41fdd9c11fb3ba5b2ba9de
                 "apt: libtomlplusplus-dev")

if(SAMEBITS_TESTS)
  samebits_find_package(Catch2)  # 2 or 3
  if(NOT Catch2_FOUND)
    samebits_download(Catch2 3.7.1 https://github.com/catchorg/Catch2.git fa43b77429ba76c462b1898d6cd2f2d7a9416b14 "apt: catch2")
  endif()
  samebits_find_package(Eigen3 3.4)
  if(NOT Eigen3_FOUND)
    message(STATUS "samebits: no Eigen (apt: libeigen3-dev, pip: cmeel-eigen): the tests of samebits/eigen.h are left out")
  endif()
endif()

if(SAMEBITS_PYTHON)
  if(NOT Python_Development.Module_FOUND)
    message(FATAL_ERROR "samebits: SAMEBITS_PYTHON needs CPython 3.11 or newer with its headers; found "
                        "\"${Python_EXECUTABLE}\" ${Python_VERSION}; install python3-dev (apt) or set Python_EXECUTABLE")
  endif()
  set(samebits_hints ${samebits_pip})
  list(TRANSFORM samebits_hints APPEND /pybind11)
  find_package(pybind11 3 CONFIG QUIET PATHS ${samebits_hints})
  if(NOT pybind11_FOUND)
    message(FATAL_ERROR "samebits: SAMEBITS_PYTHON needs pybind11 3 or newer; ${Python_EXECUTABLE} has none; install it (pip: pybind11)")
  endif()
  message(STATUS "samebits: pybind11 ${pybind11_VERSION} from ${pybind11_DIR}, for Python ${Python_VERSION}")
endif()

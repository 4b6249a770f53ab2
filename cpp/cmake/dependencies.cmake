# C++ libraries: the system's, else pip's (cmeel prefix or plain headers), else a pinned download. Says where each came from.
# None of them appears in a public header or in the installed target.
include(FetchContent)
if(NOT Python_EXECUTABLE)
  find_package(Python 3.11 COMPONENTS Interpreter QUIET)
endif()
if(Python_EXECUTABLE)
  execute_process(COMMAND ${Python_EXECUTABLE} -c "import sysconfig; print(sysconfig.get_path('purelib'))"
                  OUTPUT_VARIABLE samebits_site OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  list(APPEND CMAKE_PREFIX_PATH ${samebits_site}/cmeel.prefix)
endif()

find_package(fmt CONFIG QUIET)
if(NOT fmt_FOUND)
  FetchContent_Declare(fmt URL https://github.com/fmtlib/fmt/releases/download/11.2.0/fmt-11.2.0.zip
                       URL_HASH SHA256=203eb4e8aa0d746c62d8f903df58e0419e3751591bb53ff971096eaa0ebd4ec3)
  FetchContent_MakeAvailable(fmt)
endif()
message(STATUS "samebits: fmt from ${fmt_DIR}${fmt_SOURCE_DIR}")

find_path(SAMEBITS_JSON_INCLUDE nlohmann/json.hpp HINTS ${samebits_site}/include ${samebits_site}/nlohmann_json/include)
find_path(SAMEBITS_TOML_INCLUDE toml++/toml.h)

# What every target of ours is built with. Warnings are errors where SAMEBITS_WERROR says so: our presets and CI, never a user's build.
function(samebits_target name)
  target_link_libraries(${name} PRIVATE $<BUILD_INTERFACE:samebits_numerics>)
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/cpp)
  set_target_properties(${name} PROPERTIES CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
                                           POSITION_INDEPENDENT_CODE ON CXX_EXTENSIONS OFF
                                           INTERPROCEDURAL_OPTIMIZATION OFF)
  target_compile_options(${name} PRIVATE -fno-lto)  # ld -r and objcopy need code, and each file's instruction set is its own
  # Unique symbols would stay visible through everything that hides the others.
  target_compile_options(${name} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-fno-gnu-unique>)
  target_compile_options(${name} PRIVATE -Wall -Wextra -Wshadow -Wnon-virtual-dtor -Wold-style-cast -Wno-psabi)
  if(SAMEBITS_WERROR)
    target_compile_options(${name} PRIVATE -Werror)
  endif()
  if(SAMEBITS_SANITIZE)
    # -Wno-...: the sanitizers' own code makes GCC see uninitialised members where there are none, in <regex> for one.
    target_compile_options(${name} PRIVATE -fsanitize=${SAMEBITS_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer
                                           $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
    target_link_options(${name} PRIVATE -fsanitize=${SAMEBITS_SANITIZE})
  endif()
endfunction()

# find_package(samebits CONFIG), target samebits::core: the library and its public headers, none of the libraries it was made with.
# COMPONENT belongs to one kind of file, so it is said for each.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(samebits_package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/samebits)
install(TARGETS samebits EXPORT samebitsTargets
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT development
        LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT development NAMELINK_COMPONENT development
        FILE_SET HEADERS DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT development)
install(EXPORT samebitsTargets NAMESPACE samebits:: DESTINATION ${samebits_package_dir} COMPONENT development)

configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/samebitsConfig.cmake.in ${PROJECT_BINARY_DIR}/samebitsConfig.cmake
                              INSTALL_DESTINATION ${samebits_package_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/samebitsConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/samebitsConfig.cmake ${PROJECT_BINARY_DIR}/samebitsConfigVersion.cmake
        DESTINATION ${samebits_package_dir} COMPONENT development)

install(FILES ${PROJECT_SOURCE_DIR}/cpp/samebits/eigen.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/samebits COMPONENT development)

if(TARGET samebits_command)
  install(TARGETS samebits_command RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT command)
endif()

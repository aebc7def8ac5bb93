# Flags, sanitizers, libraries and the functions that a folder's CMakeLists.txt calls.
find_package(tl-expected REQUIRED)
find_package(fmt REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)
find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)

find_program(HOMEROOM_CCACHE ccache)
if(HOMEROOM_CCACHE)
  # Precompiled headers ask for the sloppiness; the other two let a second clone start warm.
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros
      CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=true ${HOMEROOM_CCACHE})
endif()
find_program(HOMEROOM_MOLD mold)
if(HOMEROOM_MOLD AND NOT CMAKE_INTERPROCEDURAL_OPTIMIZATION)
  add_link_options(-fuse-ld=mold)
endif()

add_library(homeroom_flags INTERFACE)
target_include_directories(homeroom_flags INTERFACE ${CMAKE_SOURCE_DIR}/src)
target_compile_options(homeroom_flags INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion
                                                -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")  # its -Wconversion has more in it than g++'s
  target_compile_options(homeroom_flags INTERFACE -Wno-sign-conversion)
endif()
target_compile_definitions(homeroom_flags INTERFACE $<$<CONFIG:Debug>:_GLIBCXX_ASSERTIONS>)
if(HOMEROOM_SANITIZE)
  target_compile_options(homeroom_flags INTERFACE -fsanitize=${HOMEROOM_SANITIZE}
                                                  -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(homeroom_flags INTERFACE -fsanitize=${HOMEROOM_SANITIZE})
endif()
if(HOMEROOM_FUZZ)
  target_compile_options(homeroom_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()
if(CMAKE_BUILD_TYPE STREQUAL "Release")
  target_compile_options(homeroom_flags INTERFACE -fPIE -fstack-protector-strong
                                                  -fstack-clash-protection)
  target_compile_definitions(homeroom_flags INTERFACE _FORTIFY_SOURCE=2)
  target_link_options(homeroom_flags INTERFACE -pie LINKER:-z,relro,-z,now)
endif()

# Debian libraries without a CMake package of their own: homeroom::NAME from pkg-config.
function(homeroom_pkg name)
  pkg_check_modules(${name} REQUIRED IMPORTED_TARGET ${ARGN})
  add_library(homeroom::${name} ALIAS PkgConfig::${name})
endfunction()
homeroom_pkg(utf8proc libutf8proc)
homeroom_pkg(uchardet uchardet)
homeroom_pkg(yaml yaml-0.1)
homeroom_pkg(pq libpq)
homeroom_pkg(zlib zlib)
homeroom_pkg(zstd libzstd)
homeroom_pkg(archive libarchive)
homeroom_pkg(crypto libcrypto)
homeroom_pkg(xxhash libxxhash)
homeroom_pkg(re2 re2)

# AWS's client for S3, where tools/awscrt has put it.
list(PREPEND CMAKE_PREFIX_PATH ${CMAKE_SOURCE_DIR}/build/awscrt)
find_package(aws-c-s3 REQUIRED)

if(HOMEROOM_TESTS)
  find_package(GTest REQUIRED)
  include(GoogleTest)
  # What nearly every test includes, compiled once: it halves the time of a test file.
  file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/test_headers.cc CONTENT "")
  add_library(homeroom_test_headers OBJECT ${CMAKE_BINARY_DIR}/test_headers.cc)
  target_link_libraries(homeroom_test_headers PRIVATE homeroom_flags tl::expected fmt::fmt
                                                      GTest::gmock)
  target_compile_options(homeroom_test_headers PUBLIC -fpch-preprocess)  # asked for by ccache
  target_precompile_headers(homeroom_test_headers PRIVATE
    <gmock/gmock.h> <gtest/gtest.h> <fmt/format.h> <tl/expected.hpp> <algorithm> <array> <chrono>
    <filesystem> <fstream> <map> <memory> <optional> <span> <string> <string_view> <vector>)
endif()
if(HOMEROOM_BENCH)
  find_package(benchmark REQUIRED)
endif()

# homeroom_library(AREA SOURCES ...): the static library of src/AREA, as homeroom::AREA.
function(homeroom_library area)
  cmake_parse_arguments(L "" "" "SOURCES" ${ARGN})
  if(L_SOURCES)
    add_library(homeroom_${area} STATIC ${L_SOURCES})
    target_link_libraries(homeroom_${area} PUBLIC homeroom_flags)
  else()
    add_library(homeroom_${area} INTERFACE)
    target_link_libraries(homeroom_${area} INTERFACE homeroom_flags)
  endif()
  add_library(homeroom::${area} ALIAS homeroom_${area})
endfunction()

# homeroom_tests(AREA [LIBS ...]): the folder's *_test.cc as one program, its *_bench.cc and
# *_fuzz.cc as one program each. LIBS: what the tests need beyond homeroom::AREA.
function(homeroom_tests area)
  cmake_parse_arguments(T "" "" "LIBS" ${ARGN})
  file(GLOB_RECURSE tests CONFIGURE_DEPENDS *_test.cc)
  if(HOMEROOM_TESTS AND tests)
    add_executable(homeroom_${area}_test ${tests})
    target_link_libraries(homeroom_${area}_test PRIVATE homeroom::${area} ${T_LIBS}
                                                        GTest::gmock_main)
    target_compile_options(homeroom_${area}_test PRIVATE -fpch-preprocess)
    target_precompile_headers(homeroom_${area}_test REUSE_FROM homeroom_test_headers)
    target_compile_definitions(homeroom_${area}_test PRIVATE
      HOMEROOM_SOURCE_DIR="${CMAKE_SOURCE_DIR}" HOMEROOM_PROGRAM="${CMAKE_BINARY_DIR}/homeroom")
    gtest_discover_tests(homeroom_${area}_test TEST_PREFIX "${area}." DISCOVERY_TIMEOUT 60
                         PROPERTIES LABELS ${area} TIMEOUT 120)
  endif()
  file(GLOB_RECURSE benches CONFIGURE_DEPENDS *_bench.cc)
  file(GLOB_RECURSE fuzzers CONFIGURE_DEPENDS *_fuzz.cc)
  if(HOMEROOM_BENCH)
    foreach(source IN LISTS benches)
      get_filename_component(name ${source} NAME_WE)
      add_executable(${area}_${name} ${source})
      target_link_libraries(${area}_${name} PRIVATE homeroom::${area} ${T_LIBS}
                                                    benchmark::benchmark_main)
    endforeach()
  endif()
  if(HOMEROOM_FUZZ)
    foreach(source IN LISTS fuzzers)
      get_filename_component(name ${source} NAME_WE)
      add_executable(${area}_${name} ${source})
      target_link_libraries(${area}_${name} PRIVATE homeroom::${area} ${T_LIBS})
      target_link_options(${area}_${name} PRIVATE -fsanitize=fuzzer)
    endforeach()
  endif()
endfunction()

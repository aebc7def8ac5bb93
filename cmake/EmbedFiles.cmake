# embed_files(<target> NAME contracts HEADER x/y.h NAMESPACE homeroom::contract FILES a b ...)
# Compiles the files' bytes into <target> as `std::span<const EmbeddedFile> NAME()`, in the order
# given, so that the program is one file. HEADER declares the function; EmbeddedFile is in
# base/embedded_file.h.
function(embed_files target)
  cmake_parse_arguments(E "" "NAME;HEADER;NAMESPACE;BASE" "FILES" ${ARGN})
  set(output ${CMAKE_CURRENT_BINARY_DIR}/${E_NAME}.gen.cc)
  add_custom_command(
    OUTPUT ${output}
    COMMAND python3 ${CMAKE_SOURCE_DIR}/tools/embed_files.py ${output} ${E_NAME} ${E_HEADER}
            ${E_NAMESPACE} ${E_BASE} ${E_FILES}
    DEPENDS ${E_FILES} ${CMAKE_SOURCE_DIR}/tools/embed_files.py
    VERBATIM)
  target_sources(${target} PRIVATE ${output})
endfunction()

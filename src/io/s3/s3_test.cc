#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "io/s3/s3_client.h"
#include "io/s3/s3_list.h"

namespace homeroom::io {
namespace {

TEST(S3Url, HasABucketAndAKeyThatMayBeEmpty) {
  const auto url = parse_s3_url("s3://raw/sis/a b.csv");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->bucket, "raw");
  EXPECT_EQ(url->key, "sis/a b.csv");
  EXPECT_EQ(url->text(), "s3://raw/sis/a b.csv");
  EXPECT_EQ(parse_s3_url("s3://raw")->key, "");
}

TEST(S3Url, WhatHasNoBucketIsRefusedWithTheFormToWrite) {
  for (const char* text : {"s3://", "s3:///key", "raw/key", "S3://raw/key"}) {
    const auto url = parse_s3_url(text);
    ASSERT_FALSE(url) << text;
    EXPECT_EQ(url.error().code, ErrorCode::kInvalidInput);
    EXPECT_EQ(url.error().message, std::string(text) + " is no address of S3");
    EXPECT_THAT(url.error().hint, testing::HasSubstr("s3://bucket/folder"));
  }
}

TEST(S3List, KeysAreDecodedAndTheNextPageIsNamed) {
  const auto page = parse_s3_page(R"(<?xml version="1.0" encoding="UTF-8"?>
<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">
  <Name>raw</Name><EncodingType>url</EncodingType><IsTruncated>true</IsTruncated>
  <Contents><LastModified>2026-11-28T02:55:42Z</LastModified><ETag>&#34;ea&#34;</ETag>
    <Key>sis/caf%C3%A9+1%2B2.csv</Key><Size>306709</Size></Contents>
  <Contents><Key>empty</Key><Size>0</Size></Contents>
  <NextContinuationToken>abc=</NextContinuationToken>
</ListBucketResult>)",
                                  "raw");
  ASSERT_TRUE(page);
  ASSERT_EQ(page->objects.size(), 2U);
  EXPECT_EQ(page->objects[0].at.text(), "s3://raw/sis/café 1+2.csv");
  EXPECT_EQ(page->objects[0].size_bytes, 306709U);
  EXPECT_EQ(page->objects[0].modified_s, 1795834542);
  EXPECT_EQ(page->objects[1].at.key, "empty");
  EXPECT_EQ(page->next, "abc=");
}

TEST(S3List, AnotherAnswerIsAnErrorOfTheStore) {
  for (const char* text : {"", "<html></html>", "<ListBucketResult><Contents>"}) {
    const auto page = parse_s3_page(text, "raw");
    ASSERT_FALSE(page) << text;
    EXPECT_EQ(page.error().code, ErrorCode::kIo);
    EXPECT_THAT(page.error().hint, testing::HasSubstr("S3 store"));
  }
}

}  // namespace
}  // namespace homeroom::io

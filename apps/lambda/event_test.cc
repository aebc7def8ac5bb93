#include "event.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace homeroom::lambda {
namespace {

constexpr const char* kBridge =
    R"({"version":"0","detail-type":"Object Created","source":"aws.s3","detail":{"bucket":{"name":"raw"},)"
    R"("object":{"key":"sis/a b+c.csv","size":0,"version-id":"v1"}}})";
constexpr const char* kRecords =
    R"({"Records":[{"eventSource":"aws:s3","eventName":"ObjectCreated:CompleteMultipartUpload",)"
    R"("s3":{"bucket":{"name":"raw"},"object":{"key":"sis/caf%C3%A9+1%2B2.csv"}}}]})";

std::string quoted(std::string text) {
  for (std::size_t i = 0; (i = text.find_first_of("\"\\", i)) != std::string::npos; i += 2) {
    text.insert(i, "\\");
  }
  return "\"" + text + "\"";
}

std::string message(const std::string& id, const std::string& body) {
  return R"({"messageId":")" + id + R"(","eventSource":"aws:sqs","body":)" + quoted(body) + "}";
}

TEST(LambdaEvent, EventBridgeWritesKeysPlainly) {
  const auto event = parse_event(kBridge);
  ASSERT_TRUE(event);
  ASSERT_EQ(event->objects.size(), 1U);
  EXPECT_EQ(event->objects[0].at.text(), "s3://raw/sis/a b+c.csv");
  EXPECT_FALSE(event->is_batch);
}

TEST(LambdaEvent, S3WritesKeysAsInAUrl) {
  const auto event = parse_event(kRecords);
  ASSERT_TRUE(event);
  ASSERT_EQ(event->objects.size(), 1U);
  EXPECT_EQ(event->objects[0].at.text(), "s3://raw/sis/café 1+2.csv");
}

TEST(LambdaEvent, AQueueHoldsEitherAlsoThroughATopic) {
  const std::string topic = R"({"Type":"Notification","Message":)" + quoted(kRecords) + "}";
  const auto event =
      parse_event(R"({"Records":[)" + message("1", kBridge) + "," + message("2", kRecords) + "," +
                  message("3", topic) + "," + message("4", "nonsense") + "]}");
  ASSERT_TRUE(event);
  EXPECT_TRUE(event->is_batch);
  ASSERT_EQ(event->objects.size(), 3U);
  EXPECT_EQ(event->objects[2].message_id, "3");
  EXPECT_THAT(event->unreadable, testing::ElementsAre("4"));
}

TEST(LambdaEvent, WhatIsAboutSomethingElseHasNoObjects) {
  for (
      const char* text :
      {R"({"Event":"s3:TestEvent","Bucket":"raw"})",
       R"({"detail-type":"Object Deleted","detail":{"bucket":{"name":"raw"},"object":{"key":"a"}}})",
       R"({"Records":[{"eventSource":"aws:s3","eventName":"ObjectRemoved:Delete"}]})"}) {
    const auto event = parse_event(text);
    ASSERT_TRUE(event) << text;
    EXPECT_TRUE(event->objects.empty()) << text;
  }
}

TEST(LambdaEvent, WhatIsNoEventIsRefused) {
  for (const char* text : {"", "[]", "{}", "{", R"({"detail-type":"Object Created"})"}) {
    const auto event = parse_event(text);
    ASSERT_FALSE(event) << text;
    EXPECT_EQ(event.error().code, ErrorCode::kInvalidInput);
    EXPECT_THAT(event.error().hint, testing::HasSubstr("aws.md"));
  }
}

}  // namespace
}  // namespace homeroom::lambda

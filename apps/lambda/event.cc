#include "event.h"

#include <nlohmann/json.hpp>

#include "io/s3/s3_list.h"

namespace homeroom::lambda {
namespace {

using nlohmann::json;

std::string text_at(const json& from, const char* pointer) {
  const json::json_pointer at(pointer);
  return from.contains(at) && from.at(at).is_string() ? from.at(at).get<std::string>()
                                                      : std::string();
}

bool is_named(const io::S3Url& at) {
  return !at.bucket.empty() && !at.key.empty();
}

// False for what is no event that we know.
bool add_event_bridge(const json& event, std::vector<NamedObject>& objects) {
  const std::string kind = text_at(event, "/detail-type");
  if (kind.empty()) return false;
  if (kind != "Object Created") return true;
  const io::S3Url at{text_at(event, "/detail/bucket/name"), text_at(event, "/detail/object/key")};
  if (is_named(at)) objects.push_back({.at = at, .message_id = {}});
  return is_named(at);
}

// S3's own: the key is written as in a URL.
bool add_record(const json& record, std::vector<NamedObject>& objects) {
  const std::string name = text_at(record, "/eventName");
  if (name.empty()) return false;
  if (name.find("ObjectCreated") == std::string::npos) return true;
  const io::S3Url at{text_at(record, "/s3/bucket/name"),
                     io::url_decoded(text_at(record, "/s3/object/key"))};
  if (is_named(at)) objects.push_back({.at = at, .message_id = {}});
  return is_named(at);
}

bool add_event(const json& event, std::vector<NamedObject>& objects) {
  if (text_at(event, "/Event") == "s3:TestEvent") return true;
  if (event.contains("Records") && event["Records"].is_array()) {
    bool is_known = true;
    for (const json& record : event["Records"]) is_known &= add_record(record, objects);
    return is_known;
  }
  // A topic wraps what it passes on.
  if (text_at(event, "/Type") == "Notification") {
    const json inner = json::parse(text_at(event, "/Message"), nullptr, false);
    return inner.is_object() && add_event(inner, objects);
  }
  return add_event_bridge(event, objects);
}

bool is_of_a_queue(const json& event) {
  return event.contains("Records") && event["Records"].is_array() && !event["Records"].empty() &&
         text_at(event["Records"][0], "/eventSource") == "aws:sqs";
}

Event parse_batch(const json& event) {
  Event batch;
  batch.is_batch = true;
  for (const json& message : event["Records"]) {
    const std::string id = text_at(message, "/messageId");
    const json body = json::parse(text_at(message, "/body"), nullptr, false);
    std::vector<NamedObject> objects;
    if (!body.is_object() || !add_event(body, objects)) {
      batch.unreadable.push_back(id);
      continue;
    }
    for (NamedObject& object : objects) {
      object.message_id = id;
      batch.objects.push_back(std::move(object));
    }
  }
  return batch;
}

}  // namespace

Result<Event> parse_event(std::string_view json_text) {
  const json event = json::parse(json_text, nullptr, false);
  if (event.is_object() && is_of_a_queue(event)) return parse_batch(event);
  Event parsed;
  if (event.is_object() && add_event(event, parsed.objects)) return parsed;
  return fail(ErrorCode::kInvalidInput, "the event is none of S3, EventBridge or a queue of theirs",
              "connect the function to the bucket's events as docs/guide/aws.md says");
}

}  // namespace homeroom::lambda

#pragma once

// What Lambda is called with: that objects came, as EventBridge, S3 itself, or a queue of either
// says it.

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "io/s3/s3_client.h"

namespace homeroom::lambda {

/// An object that an event names. Only its address is believed: senders write the rest of it in
/// different ways.
struct NamedObject {
  io::S3Url at;
  std::string message_id;  ///< of the queue's message; empty: no queue
};

struct Event {
  std::vector<NamedObject> objects;
  bool is_batch = false;                ///< of a queue: the answer names the messages that failed
  std::vector<std::string> unreadable;  ///< messages of it that nobody understands
};

/// Events that are about something else (an object that went, S3's test of the connection) have no
/// objects.
/// Errors: kInvalidInput for what is no event of these.
/// Source: Amazon S3 user guide, "Event message structure" and "EventBridge event message
///         structure"; Lambda developer guide, "Using Lambda with Amazon SQS".
///
///     parse_event(R"({"detail-type": "Object Created",
///                     "detail": {"bucket": {"name": "raw"}, "object": {"key": "a.csv"}}})")
[[nodiscard]] Result<Event> parse_event(std::string_view json);

}  // namespace homeroom::lambda

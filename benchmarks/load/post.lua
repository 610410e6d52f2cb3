-- wrk's script: POST the body until the time is over, then wait for what is under way.
-- wrk -t1 -cCONNECTIONS -dLIMIT -s post.lua URL -- SECONDS CONNECTIONS BODY
-- Prints one line of JSON after wrk's own lines.
--
-- wrk by itself stops with a request under way on each connection: nobody could tell how
-- many entries there must be. Here a connection whose time is over gets an empty request.

local ffi = require("ffi")
ffi.cdef [[
  struct timespec { long tv_sec; long tv_nsec; };
  int clock_gettime(int clock, struct timespec *time);
  int getpid(void);
  int kill(int pid, int signal);
]]
local CLOCK_MONOTONIC, SIGINT = 1, 2
local time = ffi.new("struct timespec")
local whole, seconds, connections

-- Global, so that done() can ask for them; wrk builds one request before the run, to try it.
sent, began, ended, resting = -1, 0, 0, 0

local function now()
  ffi.C.clock_gettime(CLOCK_MONOTONIC, time)
  return tonumber(time.tv_sec) + tonumber(time.tv_nsec) / 1e9
end

local threads = {}
function setup(thread)
  threads[#threads + 1] = thread
end

function init(arguments)
  seconds, connections = tonumber(arguments[1]), tonumber(arguments[2])
  local headers = { ["Content-Type"] = "application/json", Accept = "application/json" }
  whole = wrk.format("POST", nil, headers, arguments[3])
end

function request()
  local moment = now()
  if sent <= 0 then
    began = moment
  end
  if moment - began < seconds then
    sent = sent + 1
    return whole
  end
  -- This connection has its last answer; when all have theirs, end wrk as Ctrl-C does.
  resting, ended = resting + 1, moment
  if resting == connections then
    ffi.C.kill(ffi.C.getpid(), SIGINT)
  end
  return ""
end

function done(summary, latency, requests)
  local thread, errors = threads[1], summary.errors
  io.write(string.format(
    '{"sent": %d, "answered": %d, "seconds": %.6f, "p50_us": %.1f, "p99_us": %.1f, '
      .. '"not_2xx": %d, "socket_errors": %d}\n',
    thread:get("sent"), summary.requests, thread:get("ended") - thread:get("began"),
    latency:percentile(50), latency:percentile(99), errors.status,
    errors.connect + errors.read + errors.write + errors.timeout
  ))
end

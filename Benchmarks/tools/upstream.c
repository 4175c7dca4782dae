// SPDX-License-Identifier: Apache-2.0

// The upstream of the benchmark: answers every request with the same JSON document, or with a stream of N deltas, one
// every T microseconds. One thread, epoll, nothing but libc. It reads a request only as far as its framing goes.
//
//   upstream --port 9100                                   one JSON answer
//   upstream --port 9100 --chunks 150 --interval-us 20000  a paced stream
//   upstream --port 9100 --chunks 200                      a stream as fast as the socket takes it

#include "clock.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#define MAX_HEAD 16384

enum phase { READING_HEAD, READING_BODY, ANSWERING };

struct connection {
    int fd;
    enum phase phase;
    size_t head_length;
    size_t body_left;
    int next_chunk;
    uint64_t due;
    struct connection *later;  // in the queue of paced streams
    bool is_queued, is_gone;
    char head[MAX_HEAD];
};

static int epoll_fd, chunk_count;
static uint64_t interval_ns;
static char json_answer[1024];
static size_t json_length;

// All streams have the same interval, so that the order of their next deltas is the order in which they were put here.
static struct connection *first_due, *last_due;

static void enqueue(struct connection *c) {
    c->later = NULL;
    c->is_queued = true;
    if (last_due) last_due->later = c; else first_due = c;
    last_due = c;
}

static void discard(struct connection *c) {
    if (c->fd >= 0) close(c->fd);
    c->fd = -1;
    c->is_gone = true;
    // A queued one is freed when its turn comes.
    if (!c->is_queued) free(c);
}

// Small writes to a socket whose reader keeps up. What does not fit is a reader that does not: the stream is broken
// off, and the load generator counts it as broken.
static bool send_all(struct connection *c, const char *bytes, size_t length) {
    while (length > 0) {
        ssize_t sent = send(c->fd, bytes, length, MSG_NOSIGNAL);
        if (sent < 0 && errno == EAGAIN && interval_ns == 0) continue;
        if (sent < 0) return false;
        bytes += sent;
        length -= (size_t)sent;
    }
    return true;
}

static bool send_event(struct connection *c, const char *json) {
    char frame[1024];
    int length = snprintf(frame + 8, sizeof frame - 8, "data: %s\n\n", json);
    char size[9];
    int digits = snprintf(size, sizeof size, "%x\r\n", length);
    char *start = frame + 8 - digits;
    memcpy(start, size, (size_t)digits);
    memcpy(frame + 8 + length, "\r\n", 2);
    return send_all(c, start, (size_t)(digits + length + 2));
}

#define ENVELOPE "\"id\":\"chatcmpl-1f0c7b9e-bench\",\"object\":\"chat.completion.chunk\",\"created\":1735113344,\"model\":\"qwen3-coder-plus\""

// False when the connection is gone.
static bool send_delta(struct connection *c) {
    char json[768];
    snprintf(json, sizeof json,
             "{" ENVELOPE ",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"some words <%08d:%016llx>\"},"
             "\"finish_reason\":null,\"logprobs\":null}],\"usage\":null}",
             c->next_chunk, (unsigned long long)now_ns());
    c->next_chunk++;
    return send_event(c, json);
}

static bool send_end(struct connection *c) {
    static const char last[] = "e\r\ndata: [DONE]\n\n\r\n0\r\n\r\n";
    return send_event(c, "{" ENVELOPE ",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}],\"usage\":null}")
        && send_event(c, "{" ENVELOPE ",\"choices\":[],\"usage\":{\"prompt_tokens\":3019,\"completion_tokens\":104,"
                         "\"total_tokens\":3123,\"prompt_tokens_details\":{\"cached_tokens\":2048}}}")
        && send_all(c, last, sizeof last - 1);
}

static void begin_request(struct connection *c) {
    c->phase = READING_HEAD;
    c->head_length = 0;
}

// Sends what is due; false when the connection is gone.
static bool advance(struct connection *c) {
    do {
        if (c->next_chunk == chunk_count) {
            begin_request(c);
            return send_end(c);
        }
        if (!send_delta(c)) return false;
    } while (interval_ns == 0);
    // From the plan, not from now: a late tick must not slow the stream down.
    c->due += interval_ns;
    enqueue(c);
    return true;
}

static bool answer(struct connection *c) {
    if (chunk_count == 0) {
        begin_request(c);
        return send_all(c, json_answer, json_length);
    }
    static const char head[] = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
    c->phase = ANSWERING;
    c->next_chunk = 0;
    c->due = now_ns();
    return send_all(c, head, sizeof head - 1) && advance(c);
}

// The head is complete: how long is the body?
static bool read_framing(struct connection *c, size_t head_end) {
    size_t content_length = 0;
    for (char *line = c->head; line < c->head + head_end; line++) {
        if (strncasecmp(line, "content-length:", 15) == 0) content_length = strtoul(line + 15, NULL, 10);
        // Only the proxies under test talk to this server, and they send lengths.
        if (strncasecmp(line, "transfer-encoding:", 18) == 0) return false;
        line = memchr(line, '\n', (size_t)(c->head + head_end - line));
        if (!line) break;
    }
    size_t early = c->head_length - head_end;
    if (early > content_length) return false;
    c->body_left = content_length - early;
    c->phase = READING_BODY;
    return true;
}

// False when the connection is gone.
static bool readable(struct connection *c) {
    static char scratch[1 << 18];
    for (;;) {
        if (c->phase == READING_BODY && c->body_left == 0 && !answer(c)) return false;
        bool in_head = c->phase == READING_HEAD;
        size_t room = in_head ? MAX_HEAD - 1 - c->head_length : sizeof scratch;
        if (room == 0) return false;
        ssize_t got = recv(c->fd, in_head ? c->head + c->head_length : scratch, room, 0);
        if (got < 0) return errno == EAGAIN;
        if (got == 0 || c->phase == ANSWERING) return false;
        if (!in_head) {
            if ((size_t)got > c->body_left) return false;
            c->body_left -= (size_t)got;
            continue;
        }
        c->head_length += (size_t)got;
        c->head[c->head_length] = 0;
        char *end = strstr(c->head, "\r\n\r\n");
        if (end && !read_framing(c, (size_t)(end + 4 - c->head))) return false;
    }
}

static void accept_all(int listener) {
    for (;;) {
        int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0) return;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
        struct connection *c = calloc(1, sizeof *c);
        if (!c) die("calloc");
        c->fd = fd;
        struct epoll_event event = {.events = EPOLLIN | EPOLLRDHUP, .data.ptr = c};
        if (epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &event) < 0) die("epoll_ctl");
    }
}

static void tick(int timer) {
    uint64_t expirations;
    if (read(timer, &expirations, sizeof expirations) < 0 && errno != EAGAIN) die("timerfd");
    uint64_t now = now_ns();
    while (first_due && first_due->due <= now) {
        struct connection *c = first_due;
        first_due = c->later;
        if (!first_due) last_due = NULL;
        c->is_queued = false;
        if (c->is_gone) free(c);
        else if (!advance(c)) discard(c);
    }
}

static void arm(int timer) {
    struct itimerspec when = {0};
    if (first_due) {
        when.it_value.tv_sec = (time_t)(first_due->due / 1000000000u);
        when.it_value.tv_nsec = (long)(first_due->due % 1000000000u);
    }
    timerfd_settime(timer, TFD_TIMER_ABSTIME, &when, NULL);
}

int main(int argc, char **argv) {
    int port = 9100;
    for (int i = 1; i + 1 < argc; i += 2) {
        if (!strcmp(argv[i], "--port")) port = atoi(argv[i + 1]);
        else if (!strcmp(argv[i], "--chunks")) chunk_count = atoi(argv[i + 1]);
        else if (!strcmp(argv[i], "--interval-us")) interval_ns = strtoull(argv[i + 1], NULL, 10) * 1000;
        else return fprintf(stderr, "unknown option %s\n", argv[i]), 2;
    }
    char text[401];
    memset(text, 'w', 400);
    text[400] = 0;
    char body[800];
    int length = snprintf(body, sizeof body,
        "{\"id\":\"chatcmpl-bench\",\"object\":\"chat.completion\",\"created\":1735113344,\"model\":\"qwen3-coder-plus\",\"choices\":"
        "[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"%s\"},\"finish_reason\":\"stop\"}],\"usage\":"
        "{\"prompt_tokens\":20,\"completion_tokens\":100,\"total_tokens\":120}}", text);
    json_length = (size_t)snprintf(json_answer, sizeof json_answer,
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", length, body);

    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &(int){1}, sizeof(int));
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (bind(listener, (struct sockaddr *)&address, sizeof address) < 0) die("bind");
    if (listen(listener, 4096) < 0) die("listen");
    int timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    // The addresses of these two variables stand for the two descriptors that are no connections.
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = &listener};
    epoll_ctl(epoll_fd, EPOLL_CTL_ADD, listener, &event);
    event.data.ptr = &timer;
    epoll_ctl(epoll_fd, EPOLL_CTL_ADD, timer, &event);
    puts("ready");
    fflush(stdout);

    for (;;) {
        arm(timer);
        struct epoll_event events[512];
        int count = epoll_wait(epoll_fd, events, 512, -1);
        bool is_due = false;
        for (int i = 0; i < count; i++) {
            if (events[i].data.ptr == &listener) accept_all(listener);
            else if (events[i].data.ptr == &timer) is_due = true;
            else if (!readable(events[i].data.ptr)) discard(events[i].data.ptr);
        }
        // After the connections: a tick can free one that has an event in this batch.
        if (is_due) tick(timer);
    }
}

// SPDX-License-Identifier: Apache-2.0

// The load of the benchmark: N kept-alive connections, each of which sends the same request again as soon as its answer
// is complete. Every answer is checked. Prints one JSON object about the time between warm-up and end.
//
//   load --port 3455 --path /v1/messages --body FILE --connections 64 --seconds 3 --warmup 0.5 [--ramp SECONDS]
//        [--chunks N --end TEXT] [--pid PID]...

#include "clock.h"
#include "process.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define MAX_CONNECTIONS 8192
#define MAX_SAMPLES (1 << 22)
#define TAIL 64

enum phase { UNOPENED, SENDING, READING_HEAD, READING_LENGTH, CHUNK_SIZE, CHUNK_DATA, CHUNK_END };

struct connection {
    int fd;
    enum phase phase;
    size_t sent;
    uint64_t began;
    size_t head_length;
    size_t left;       // of the body, or of the chunk
    size_t size_digits;
    bool is_ok;        // status 200 so far
    bool is_first;     // no delta seen yet
    int next_chunk;
    size_t tail_length;
    char tail[TAIL];   // the last bytes of the body, for marks that are cut in two and for the end
    char head[8192];
};

struct samples {
    uint64_t *values;
    size_t count;
};

static struct connection connections[MAX_CONNECTIONS];
static int epoll_fd, port, expected_chunks, connection_count = 1;
static char *request;
static size_t request_length;
static const char *end_text = "";
static bool is_measuring;
static uint64_t completed, broken, deltas;
static struct samples latencies, first_deltas, delta_ages;

static void record(struct samples *samples, uint64_t value) {
    if (is_measuring && samples->count < MAX_SAMPLES) samples->values[samples->count++] = value;
}

static int compare(const void *a, const void *b) {
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static double quantile_us(struct samples *samples, double q) {
    if (samples->count == 0) return 0;
    qsort(samples->values, samples->count, sizeof(uint64_t), compare);
    return (double)samples->values[(size_t)(q * (double)(samples->count - 1))] / 1000.0;
}

static void open_connection(struct connection *c) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (c->fd < 0 || connect(c->fd, (struct sockaddr *)&address, sizeof address) < 0) die("connect");
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
    fcntl(c->fd, F_SETFL, O_NONBLOCK);
    struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLET, .data.ptr = c};
    if (epoll_ctl(epoll_fd, EPOLL_CTL_ADD, c->fd, &event) < 0) die("epoll_ctl");
}

static void begin(struct connection *c) {
    c->phase = SENDING;
    c->sent = 0;
    c->head_length = 0;
    c->tail_length = 0;
    c->next_chunk = 0;
    c->is_ok = true;
    c->is_first = true;
    c->began = now_ns();
}

static void again(struct connection *c) {
    close(c->fd);
    if (is_measuring) broken++;
    open_connection(c);
    begin(c);
}

static void complete(struct connection *c) {
    size_t end_length = strlen(end_text);
    bool has_end = end_length <= c->tail_length && memmem(c->tail, c->tail_length, end_text, end_length) != NULL;
    if (is_measuring) {
        completed++;
        if (!c->is_ok || !has_end || c->next_chunk != expected_chunks) broken++;
    }
    record(&latencies, now_ns() - c->began);
    begin(c);
}

// A mark at `at`: its number must be the next one.
static void read_mark(struct connection *c, const char *at) {
    char digits[17] = {0};
    memcpy(digits, at + 1, 8);
    if (at[9] != ':' || at[26] != '>' || atoi(digits) != c->next_chunk) {
        c->is_ok = false;
        return;
    }
    c->next_chunk++;
    memcpy(digits, at + 10, 16);
    uint64_t now = now_ns();
    if (is_measuring) deltas++;
    record(&delta_ages, now - strtoull(digits, NULL, 16));
    if (c->is_first) record(&first_deltas, now - c->began);
    c->is_first = false;
}

// Body bytes, whatever their framing was. Marks can lie across two calls: the rest of the last call comes first.
static void receive_body(struct connection *c, const char *bytes, size_t length) {
    while (length > 0) {
        char window[TAIL + 4096];
        size_t take = length < 4096 ? length : 4096;
        memcpy(window, c->tail, c->tail_length);
        memcpy(window + c->tail_length, bytes, take);
        size_t total = c->tail_length + take;
        size_t done = 0;
        if (expected_chunks > 0) {
            const char *at;
            while ((at = memchr(window + done, '<', total - done)) && (size_t)(window + total - at) >= MARK_LENGTH) {
                read_mark(c, at);
                // The mark is spent, so that it is not found again in the tail.
                ((char *)at)[0] = ' ';
                done = (size_t)(at - window) + MARK_LENGTH;
            }
        }
        c->tail_length = total < TAIL ? total : TAIL;
        memcpy(c->tail, window + total - c->tail_length, c->tail_length);
        bytes += take;
        length -= take;
    }
}

static bool read_head(struct connection *c, size_t *used, const char *bytes, size_t length) {
    size_t room = sizeof c->head - 1 - c->head_length;
    size_t take = length < room ? length : room;
    memcpy(c->head + c->head_length, bytes, take);
    c->head[c->head_length + take] = 0;
    char *end = strstr(c->head, "\r\n\r\n");
    if (!end) {
        c->head_length += take;
        *used = take;
        return take == length;
    }
    *used = (size_t)(end + 4 - c->head) - c->head_length;
    end[2] = 0;
    c->is_ok = strncmp(c->head, "HTTP/1.1 200", 12) == 0;
    char *field = strcasestr(c->head, "\r\ncontent-length:");
    if (field) {
        c->phase = READING_LENGTH;
        c->left = strtoul(field + 17, NULL, 10);
        return true;
    }
    c->phase = CHUNK_SIZE;
    c->left = 0;
    c->size_digits = 0;
    return strcasestr(c->head, "\r\ntransfer-encoding: chunked") != NULL;
}

// False when this is no HTTP.
static bool receive(struct connection *c, const char *bytes, size_t length) {
    while (length > 0) {
        size_t used = 1;
        switch (c->phase) {
        case UNOPENED: case SENDING: return false;  // an answer before the request was out
        case READING_HEAD:
            if (!read_head(c, &used, bytes, length)) return false;
            break;
        case READING_LENGTH: case CHUNK_DATA:
            used = length < c->left ? length : c->left;
            receive_body(c, bytes, used);
            c->left -= used;
            if (c->left == 0 && c->phase == CHUNK_DATA) c->phase = CHUNK_END, c->left = 2;
            break;
        case CHUNK_SIZE:
            if (*bytes == '\n') {
                bool is_last = c->left == 0;
                c->phase = is_last ? CHUNK_END : CHUNK_DATA;
                c->size_digits = 0;
                if (is_last) c->left = 2, c->size_digits = 1;  // the empty line after the last chunk
            } else if (*bytes != '\r') {
                const char *digits = "0123456789abcdef", *digit = memchr(digits, *bytes | 0x20, 16);
                if (!digit || ++c->size_digits > 7) return false;
                c->left = c->left * 16 + (size_t)(digit - digits);
            }
            break;
        case CHUNK_END:
            c->left--;
            if (c->left > 0) break;
            if (c->size_digits == 1) {
                complete(c);
                return length == 1;
            }
            c->phase = CHUNK_SIZE;
            break;
        }
        bytes += used;
        length -= used;
        if (c->phase == READING_LENGTH && c->left == 0) {
            complete(c);
            return length == 0;
        }
    }
    return true;
}

static void drive(struct connection *c) {
    static char buffer[1 << 16];
    for (;;) {
        while (c->phase == SENDING) {
            ssize_t sent = send(c->fd, request + c->sent, request_length - c->sent, MSG_NOSIGNAL);
            if (sent < 0 && errno == EAGAIN) return;
            if (sent < 0) return again(c);
            c->sent += (size_t)sent;
            if (c->sent == request_length) c->phase = READING_HEAD;
        }
        ssize_t got = recv(c->fd, buffer, sizeof buffer, 0);
        if (got < 0 && errno == EAGAIN) return;
        if (got <= 0 || !receive(c, buffer, (size_t)got)) return again(c);
    }
}

static void prepare(const char *path, const char *body_file) {
    FILE *file = fopen(body_file, "rb");
    if (!file) die(body_file);
    fseek(file, 0, SEEK_END);
    size_t length = (size_t)ftell(file);
    rewind(file);
    request = malloc(length + 1024);
    int head = sprintf(request,
        "POST %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Type: application/json\r\nx-api-key: sk-bench\r\n"
        "Authorization: Bearer sk-bench\r\nanthropic-version: 2023-06-01\r\nContent-Length: %zu\r\n\r\n", path, port, length);
    if (fread(request + head, 1, length, file) != length) die(body_file);
    request_length = (size_t)head + length;
    fclose(file);
}

int main(int argc, char **argv) {
    double seconds = 3, warmup = 0.5, ramp = 0;
    const char *path = "/v1/messages", *body = NULL;
    struct process_set processes = {0};
    for (int i = 1; i + 1 < argc; i += 2) {
        const char *option = argv[i], *value = argv[i + 1];
        if (!strcmp(option, "--port")) port = atoi(value);
        else if (!strcmp(option, "--path")) path = value;
        else if (!strcmp(option, "--body")) body = value;
        else if (!strcmp(option, "--connections")) connection_count = atoi(value);
        else if (!strcmp(option, "--seconds")) seconds = atof(value);
        else if (!strcmp(option, "--warmup")) warmup = atof(value);
        else if (!strcmp(option, "--ramp")) ramp = atof(value);
        else if (!strcmp(option, "--chunks")) expected_chunks = atoi(value);
        else if (!strcmp(option, "--end")) end_text = value;
        else if (!strcmp(option, "--pid")) process_set_add(&processes, atoi(value));
        else return fprintf(stderr, "unknown option %s\n", option), 2;
    }
    if (!body || connection_count > MAX_CONNECTIONS) return fprintf(stderr, "--body is missing, or too many connections\n"), 2;
    prepare(path, body);
    struct samples *all[] = {&latencies, &first_deltas, &delta_ages};
    for (int i = 0; i < 3; i++) all[i]->values = malloc(MAX_SAMPLES * sizeof(uint64_t));
    epoll_fd = epoll_create1(EPOLL_CLOEXEC);

    uint64_t start = now_ns(), opening = (uint64_t)(ramp * 1e9);
    uint64_t measure_at = start + opening + (uint64_t)(warmup * 1e9), end_at = measure_at + (uint64_t)(seconds * 1e9);
    uint64_t cpu = 0, measured_from = 0;
    int opened = 0;
    for (;;) {
        uint64_t now = now_ns();
        int wanted = opening ? (int)((double)connection_count * (double)(now - start) / (double)opening) + 1 : connection_count;
        while (opened < connection_count && opened < wanted) {
            open_connection(&connections[opened]);
            begin(&connections[opened]);
            drive(&connections[opened]);
            opened++;
        }
        if (!is_measuring && now >= measure_at) {
            is_measuring = true;
            measured_from = now;
            cpu = process_set_cpu_ns(&processes);
        }
        if (now >= end_at) break;
        struct epoll_event events[512];
        int count = epoll_wait(epoll_fd, events, 512, opened < connection_count ? 1 : 20);
        for (int i = 0; i < count; i++) drive(events[i].data.ptr);
    }
    cpu = process_set_cpu_ns(&processes) - cpu;
    double elapsed = (double)(now_ns() - measured_from) / 1e9;
    printf("{\"completed\":%llu,\"broken\":%llu,\"deltas\":%llu,\"seconds\":%.3f,\"cpu_us\":%.0f,\"rss_kb\":%ld,\"pss_kb\":%ld,"
           "\"latency_p50_us\":%.1f,\"latency_p99_us\":%.1f,\"first_p50_us\":%.1f,\"first_p99_us\":%.1f,"
           "\"age_p50_us\":%.1f,\"age_p99_us\":%.1f}\n",
           (unsigned long long)completed, (unsigned long long)broken, (unsigned long long)deltas, elapsed, (double)cpu / 1000.0,
           process_set_memory_kb(&processes, "Rss"), process_set_memory_kb(&processes, "Pss"),
           quantile_us(&latencies, 0.5), quantile_us(&latencies, 0.99), quantile_us(&first_deltas, 0.5),
           quantile_us(&first_deltas, 0.99), quantile_us(&delta_ages, 0.5), quantile_us(&delta_ages, 0.99));
}

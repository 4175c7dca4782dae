// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "shim.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

// Takes an address apart. An IPv4 client of an IPv6 listener has an IPv4 socket, whatever our own end is called.
static int end_of(const void *address, int *family, __be32 bytes[4], __be16 *port) {
    const struct sockaddr *any = address;
    memset(bytes, 0, 16);
    if (any->sa_family == AF_INET) {
        const struct sockaddr_in *four = address;
        *family = AF_INET;
        *port = four->sin_port;
        bytes[0] = four->sin_addr.s_addr;
        return 1;
    }
    if (any->sa_family != AF_INET6) return 0;
    const struct sockaddr_in6 *six = address;
    *port = six->sin6_port;
    if (IN6_IS_ADDR_V4MAPPED(&six->sin6_addr)) {
        *family = AF_INET;
        memcpy(bytes, six->sin6_addr.s6_addr + 12, 4);
    } else {
        *family = AF_INET6;
        memcpy(bytes, six->sin6_addr.s6_addr, 16);
    }
    return 1;
}

int qp_tcp_owner(int diagnostics, const void *own, const void *other, unsigned sequence, unsigned *user) {
    struct {
        struct nlmsghdr header;
        struct inet_diag_req_v2 request;
    } message;
    memset(&message, 0, sizeof message);
    struct inet_diag_sockid *id = &message.request.id;
    int family, other_family;
    if (!end_of(own, &family, id->idiag_src, &id->idiag_sport) ||
        !end_of(other, &other_family, id->idiag_dst, &id->idiag_dport) || family != other_family)
        return 0;
    message.header.nlmsg_len = sizeof message;
    message.header.nlmsg_type = SOCK_DIAG_BY_FAMILY;
    message.header.nlmsg_flags = NLM_F_REQUEST;
    message.header.nlmsg_seq = sequence;
    message.request.sdiag_family = (unsigned char)family;
    message.request.sdiag_protocol = IPPROTO_TCP;
    message.request.idiag_states = ~0U;
    id->idiag_cookie[0] = INET_DIAG_NOCOOKIE;
    id->idiag_cookie[1] = INET_DIAG_NOCOOKIE;

    struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};
    if (sendto(diagnostics, &message, sizeof message, 0, (struct sockaddr *)&kernel, sizeof kernel) < 0) return -1;

    // The kernel has answered when sendto returns. An answer to an earlier question is passed over.
    for (;;) {
        union {
            struct nlmsghdr header;
            char bytes[1024];
        } answer;
        ssize_t size = recv(diagnostics, &answer, sizeof answer, MSG_DONTWAIT);
        if (size < 0) return -1;
        if ((size_t)size < sizeof answer.header || answer.header.nlmsg_seq != sequence) continue;
        if (answer.header.nlmsg_type == NLMSG_ERROR && (size_t)size >= NLMSG_LENGTH(sizeof(struct nlmsgerr))) {
            struct nlmsgerr error;
            memcpy(&error, NLMSG_DATA(&answer.header), sizeof error);
            if (error.error == -ENOENT) return 0;
            errno = -error.error;
            return -1;
        }
        struct inet_diag_msg found;
        if (answer.header.nlmsg_type != SOCK_DIAG_BY_FAMILY || (size_t)size < NLMSG_LENGTH(sizeof found)) {
            errno = EPROTO;
            return -1;
        }
        memcpy(&found, NLMSG_DATA(&answer.header), sizeof found);
        // A socket that no process holds any more is said to be root's.
        if (found.idiag_inode == 0) return 0;
        *user = found.idiag_uid;
        return 1;
    }
}

// Whether a connection of this process to itself is said to be its own.
static int knows_us(int diagnostics, int listener, int client) {
    struct sockaddr_in server = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)}, own;
    socklen_t size = sizeof server;
    unsigned user;
    if (bind(listener, (struct sockaddr *)&server, size) < 0 || listen(listener, 1) < 0) return 0;
    if (getsockname(listener, (struct sockaddr *)&server, &size) < 0) return 0;
    if (connect(client, (struct sockaddr *)&server, size) < 0) return 0;
    size = sizeof own;
    if (getsockname(client, (struct sockaddr *)&own, &size) < 0) return 0;
    return qp_tcp_owner(diagnostics, &own, &server, 1, &user) == 1 && user == geteuid();
}

int qp_open_socket_diagnostics(void) {
    int diagnostics = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
    if (diagnostics < 0) return -1;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int works = listener >= 0 && client >= 0 && knows_us(diagnostics, listener, client);
    if (listener >= 0) close(listener);
    if (client >= 0) close(client);
    if (works) return diagnostics;
    close(diagnostics);
    return -1;
}

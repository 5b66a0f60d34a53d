// Runs a command and says what it took, on one line of standard output:
//
//     measure COMMAND ARGUMENT...      wall_us user_us system_us peak_kb
//
// The command's own output goes to standard error. One process's peak is what the kernel kept for it. Where a command
// works in several processes their memory is added up, pages that they share counted once (PSS), by looking every few
// milliseconds; a process that was alone is never looked at closely, so that looking does not slow it.

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { LOOK_EVERY_US = 5000 };

static long long now_us(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (long long)time.tv_sec * 1000000 + time.tv_nsec / 1000;
}

static long long microseconds(struct timeval time) {
    return (long long)time.tv_sec * 1000000 + time.tv_usec;
}

static long proportional_kb(int process) {
    char path[64];
    char line[256];
    long kb = 0;
    snprintf(path, sizeof path, "/proc/%d/smaps_rollup", process);
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        return 0; // it has just ended
    }
    while (fgets(line, sizeof line, file) != NULL) {
        if (sscanf(line, "Pss: %ld", &kb) == 1) {
            break;
        }
    }
    fclose(file);
    return kb;
}

// Calls itself for the children of a process's main thread; the contenders fork from no other.
static int list_tree(int process, int *processes, int count, int capacity) {
    char path[64];
    int child;
    processes[count++] = process;
    snprintf(path, sizeof path, "/proc/%d/task/%d/children", process, process);
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        return count;
    }
    while (count < capacity && fscanf(file, "%d", &child) == 1) {
        count = list_tree(child, processes, count, capacity);
    }
    fclose(file);
    return count;
}

static long tree_kb(int root) {
    int processes[256];
    const int count = list_tree(root, processes, 0, 256);
    long kb = 0;
    for (int i = 0; count > 1 && i < count; i++) {
        kb += proportional_kb(processes[i]);
    }
    return kb;
}

int main(int argc, char **argv) {
    if (argc < 2) {
        fprintf(stderr, "usage: measure COMMAND ARGUMENT...\n");
        return 2;
    }
    sigset_t child_ended;
    sigemptyset(&child_ended);
    sigaddset(&child_ended, SIGCHLD);
    sigprocmask(SIG_BLOCK, &child_ended, NULL); // so that sigtimedwait wakes the moment the command ends
    const long long start_us = now_us();
    const pid_t child = fork();
    if (child == 0) {
        sigprocmask(SIG_UNBLOCK, &child_ended, NULL);
        dup2(STDERR_FILENO, STDOUT_FILENO);
        execvp(argv[1], argv + 1);
        fprintf(stderr, "measure: %s: %s\n", argv[1], strerror(errno));
        _exit(127);
    }
    if (child < 0) {
        fprintf(stderr, "measure: %s\n", strerror(errno));
        return 1;
    }
    const struct timespec pause = {.tv_nsec = LOOK_EVERY_US * 1000L};
    struct rusage usage;
    long peak_kb = 0;
    int status;
    while (wait4(child, &status, WNOHANG, &usage) == 0) {
        if (sigtimedwait(&child_ended, NULL, &pause) < 0) {
            const long kb = tree_kb(child);
            peak_kb = kb > peak_kb ? kb : peak_kb;
        }
    }
    const long long wall_us = now_us() - start_us;
    peak_kb = usage.ru_maxrss > peak_kb ? usage.ru_maxrss : peak_kb;
    printf("%lld %lld %lld %ld\n", wall_us, microseconds(usage.ru_utime), microseconds(usage.ru_stime), peak_kb);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

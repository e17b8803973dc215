/*
 * Preloaded into workerd: the wall clock is off by as many seconds as the file named by
 * CLOCK_SHIFT_FILE says, at each moment. (Debian's libfaketime hangs in workerd's allocator before
 * main; this allocates nothing.)
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static long shift(void) {
  static int file = -1;
  if (file < 0) {
    const char *name = getenv("CLOCK_SHIFT_FILE");
    file = name == NULL ? -1 : open(name, O_RDONLY | O_CLOEXEC);
  }
  char text[16] = {0};
  return file >= 0 && pread(file, text, sizeof text - 1, 0) > 0 ? atol(text) : 0;
}

int clock_gettime(clockid_t clock, struct timespec *time) {
  int result = syscall(SYS_clock_gettime, clock, time);
  if (result == 0 && clock == CLOCK_REALTIME) time->tv_sec += shift();
  return result;
}

int gettimeofday(struct timeval *restrict time, void *restrict zone) {
  (void)zone;
  struct timespec now;
  if (clock_gettime(CLOCK_REALTIME, &now) != 0) return -1;
  time->tv_sec = now.tv_sec;
  time->tv_usec = now.tv_nsec / 1000;
  return 0;
}

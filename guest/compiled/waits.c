/* What pilots do all day, in C: sleeps, waits with a limit, clocks, writes of a line.

   Each function here stands for the Python function of the same name in hub.py, clock/times.py,
   clock/writes.py and concurrency/ (locks, conditions, queues, threads), and does to the same objects
   what that one does: the slots of Hub, Strand, Waiter and the locks are read and written where
   they lie, the heap of timers is the same list of tuples. What is rare is left to the Python
   function: waits without a limit (whose frames tell of deadlocks), locks that are handed over,
   arguments that are refused. So either may be used, and what happens is the same.

   Read from CPython 3.9 to 3.13: Include/cpython/descrobject.h, Modules/_heapqmodule.c; greenlet 3:
   src/greenlet/greenlet.h. */

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <structmember.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <greenlet/greenlet.h>

#define AT(object, offset) (*(PyObject **)((char *)(object) + (offset)))
#define DEQUE_HAS(deque) ((deque) != Py_None && Py_SIZE(deque) > 0)

static const double TICK = 1e-6, GRID = 1073741824.0, GRAIN = 1.0 / 4194304.0;
static const double SLEEP_MAX = 9223372036.0;
enum { EVENTS_MAX = 1 << 16, KNOWN_BYTES_MAX = 1 << 15 };
static const long READS_MAX = 20000, SWITCHES_MAX = 10000;

/* The slots, by their offsets in an instance. */
static struct {
    Py_ssize_t now, posix, epoch, until, ready, timers, sequence, turns, signals, current, root;
    Py_ssize_t main, written, detour;
} HUB;
static struct { Py_ssize_t ident, sleeper; } STRAND;
static struct { Py_ssize_t done, strand, value, what; } WAITER;
static struct { Py_ssize_t held, waiters; } LOCK;
static struct { Py_ssize_t count, owner; } RLOCK;
static Py_ssize_t MAYBE;

static PyObject *hub, *never;
static PyTypeObject *strand_type, *waiter_type, *lock_type, *rlock_type, *writes_type;
/* The Python functions that stand behind those in C, and functions of the deque. */
static PyObject *py_sleeper, *py_lock_wait, *py_lock_acquire, *py_lock_release, *py_lock_pass_on;
static PyObject *py_leave, *py_fall_out, *py_rlock_acquire, *py_rlock_release;
static PyObject *py_acquire_restore, *py_condition_wait, *py_queue_get, *py_library_get;
static PyObject *py_refuse_sleep, *true_write, *writes, *empty;
static PyObject *queue_size, *deque_type, *append, *popleft;
static PyObject *true_gmtime, *true_localtime, *true_strftime;
static PyObject *s_lock, *s_waiters, *s_mutex, *s_qsize, *s_not_empty, *s_queue, *s_is_shutdown;
static PyObject *s_prepare, *s_take_signals, *s_count_read, *s_dead, *s_maybe, *s_reads;
static PyObject *lock_watcher; /* NULL but for bench/split.py: see seen.py */
static int has_shutdown;

/* Reads of the clock at the instant at which it was last read. */
static long reads;
static double reads_at = -1.0;

/* -- small things */

static inline void put(PyObject *object, Py_ssize_t offset, PyObject *value)
{
    PyObject *before = AT(object, offset);
    Py_INCREF(value);
    AT(object, offset) = value;
    Py_XDECREF(before);
}

static inline double number(PyObject *value)
{
    return PyFloat_CheckExact(value) ? PyFloat_AS_DOUBLE(value) : PyFloat_AsDouble(value);
}

static inline double hub_now(void)
{
    return number(AT(hub, HUB.now));
}

static inline int is_done(PyObject *waiter)
{
    return AT(waiter, WAITER.done) == Py_True;
}

/* Call a function with one or two arguments, for nothing but success. */
static int call(PyObject *function, PyObject *first, PyObject *second)
{
    PyObject *arguments[] = {NULL, first, second};
    PyObject *result = PyObject_Vectorcall(
        function, arguments + 1, (second == NULL ? 1 : 2) | PY_VECTORCALL_ARGUMENTS_OFFSET, NULL);
    Py_XDECREF(result);
    return result == NULL ? -1 : 0;
}

static int call_method(PyObject *object, PyObject *name)
{
    PyObject *result = PyObject_CallMethodNoArgs(object, name);
    Py_XDECREF(result);
    return result == NULL ? -1 : 0;
}

/* The number of seconds that a timeout means; 0 if it is none that is taken here. */
static inline int is_limit(PyObject *timeout, double *seconds)
{
    if (PyFloat_CheckExact(timeout))
        *seconds = PyFloat_AS_DOUBLE(timeout);
    else if (PyLong_CheckExact(timeout)) {
        *seconds = PyLong_AsDouble(timeout);
        if (*seconds == -1.0 && PyErr_Occurred()) {
            PyErr_Clear();
            return 0;
        }
    } else
        return 0;
    return *seconds > 0 && *seconds <= SLEEP_MAX;
}

/* -- the heap of timers: a list of (time, sequence, waiter) */

static inline double time_of(PyObject *timer)
{
    return number(PyTuple_GET_ITEM(timer, 0));
}

static inline PyObject *waiter_of(PyObject *timer)
{
    return PyTuple_GET_ITEM(timer, 2);
}

static inline int is_before(PyObject *one, PyObject *other)
{
    double first = time_of(one), second = time_of(other);
    if (first != second)
        return first < second;
    return PyLong_AsLongLong(PyTuple_GET_ITEM(one, 1)) <
           PyLong_AsLongLong(PyTuple_GET_ITEM(other, 1));
}

/* Put *timer*, a reference that is taken over, at *place* or above it. */
static void sift_up(PyObject **heap, Py_ssize_t place, PyObject *timer)
{
    while (place > 0) {
        Py_ssize_t parent = (place - 1) >> 1;
        if (!is_before(timer, heap[parent]))
            break;
        heap[place] = heap[parent];
        place = parent;
    }
    heap[place] = timer;
}

/* Put *timer*, a reference that is taken over, at the top of a heap without one, or below it. */
static void sift_down(PyObject **heap, Py_ssize_t size, PyObject *timer)
{
    Py_ssize_t place = 0;
    for (;;) {
        Py_ssize_t child = 2 * place + 1;
        if (child >= size)
            break;
        if (child + 1 < size && is_before(heap[child + 1], heap[child]))
            child++;
        if (!is_before(heap[child], timer))
            break;
        heap[place] = heap[child];
        place = child;
    }
    heap[place] = timer;
}

static inline PyObject **heap_of(PyObject *timers)
{
    return ((PyListObject *)timers)->ob_item;
}

static int push(PyObject *timers, PyObject *timer)
{
    if (PyList_Append(timers, timer) < 0)
        return -1;
    sift_up(heap_of(timers), PyList_GET_SIZE(timers) - 1, timer);
    return 0;
}

/* Take out the first timer, whose reference is the caller's; there has to be one. */
static PyObject *pop(PyObject *timers)
{
    Py_ssize_t size = PyList_GET_SIZE(timers) - 1;
    PyObject *last = PyList_GET_ITEM(timers, size), *first = heap_of(timers)[0];
    Py_INCREF(first);
    Py_INCREF(last);
    /* The list lets go of its last place, and only then may the heap be changed. */
    if (PyList_SetSlice(timers, size, size + 1, NULL) < 0) {
        Py_DECREF(first);
        Py_DECREF(last);
        return NULL;
    }
    if (size > 0) {
        Py_DECREF(first); /* the one of the list, which goes */
        sift_down(heap_of(timers), size, last);
    } else
        Py_DECREF(last);
    return first;
}

/* Push *timer* and take out the first; both references are the caller's. */
static PyObject *push_pop(PyObject *timers, PyObject *timer)
{
    PyObject *first;
    Py_INCREF(timer);
    if (PyList_GET_SIZE(timers) == 0 || is_before(timer, heap_of(timers)[0]))
        return timer;
    first = heap_of(timers)[0];
    sift_down(heap_of(timers), PyList_GET_SIZE(timers), timer);
    return first;
}

/* Take timers off the top whose waiters have been woken. */
static int prune(PyObject *timers)
{
    while (PyList_GET_SIZE(timers) > 0 && is_done(waiter_of(heap_of(timers)[0]))) {
        PyObject *first = pop(timers);
        if (first == NULL)
            return -1;
        Py_DECREF(first);
    }
    return 0;
}

/* -- the hub */

/* Whether a strand has ended: 1 or 0, -1 for an error. One that was abandoned says so itself. */
static int is_dead(PyObject *strand)
{
    PyObject *dead;
    int result;
    if (Py_TYPE(strand) == strand_type)
        return PyGreenlet_STARTED((PyGreenlet *)strand) && !PyGreenlet_ACTIVE((PyGreenlet *)strand);
    dead = PyObject_GetAttr(strand, s_dead);
    if (dead == NULL)
        return -1;
    result = PyObject_IsTrue(dead);
    Py_DECREF(dead);
    return result;
}

static int switch_to(PyObject *strand)
{
    PyObject *result;
    Py_INCREF(strand);
    result = PyGreenlet_Switch((PyGreenlet *)strand, NULL, NULL);
    Py_DECREF(strand);
    Py_XDECREF(result);
    return result == NULL ? -1 : 0;
}

static int switch_to_root(void)
{
    return switch_to(AT(hub, HUB.root));
}

/* Hub.fire */
static int fire(void)
{
    PyObject *timers = AT(hub, HUB.timers), *ready = AT(hub, HUB.ready);
    double now = hub_now();
    while (PyList_GET_SIZE(timers) > 0 && time_of(heap_of(timers)[0]) <= now) {
        PyObject *timer = pop(timers), *waiter;
        int failed = 0;
        if (timer == NULL)
            return -1;
        waiter = waiter_of(timer);
        if (!is_done(waiter)) {
            put(waiter, WAITER.done, Py_True);
            failed = call(append, ready, AT(waiter, WAITER.strand));
        }
        Py_DECREF(timer);
        if (failed)
            return -1;
    }
    return 0;
}

/* Whether something may have been written since the clock moved: 1 or 0, -1 for an error. */
static int may_be_written(void)
{
    PyObject *written = AT(hub, HUB.written), *maybe;
    int result;
    if (Py_TYPE(written) == writes_type)
        return AT(written, MAYBE) != Py_False;
    maybe = PyObject_GetAttr(written, s_maybe);
    if (maybe == NULL)
        return -1;
    result = PyObject_IsTrue(maybe);
    Py_DECREF(maybe);
    return result;
}

/* Hub.go; the reference to *first* is taken over. */
static int go(PyObject *first)
{
    PyObject *timers = AT(hub, HUB.timers), *waiter = waiter_of(first), *strand, *posix, *zero;
    double now = time_of(first);
    int result = may_be_written();
    if (result > 0)
        result = call_method(hub, s_prepare);
    posix = PyFloat_FromDouble(number(AT(hub, HUB.epoch)) + now);
    zero = PyLong_FromLong(0);
    if (result < 0 || posix == NULL || zero == NULL) {
        Py_XDECREF(posix);
        Py_XDECREF(zero);
        Py_DECREF(first);
        return -1;
    }
    put(hub, HUB.now, PyTuple_GET_ITEM(first, 0));
    put(hub, HUB.posix, posix);
    put(hub, HUB.turns, zero);
    Py_DECREF(posix);
    Py_DECREF(zero);
    put(waiter, WAITER.done, Py_True);
    if (PyList_GET_SIZE(timers) > 0 && time_of(heap_of(timers)[0]) <= now && fire() < 0) {
        Py_DECREF(first);
        return -1;
    }
    strand = AT(waiter, WAITER.strand);
    result = is_dead(strand);
    if (result > 0)
        result = switch_to_root();
    else if (result == 0 && strand != AT(hub, HUB.current)) {
        put(hub, HUB.current, strand);
        Py_DECREF(first);
        return switch_to(strand);
    }
    Py_DECREF(first);
    return result;
}

/* Switch to the first that is ready, if it may run: 1 if that was done, else 0; -1 for an error. */
static int go_ready(PyObject *ready)
{
    PyObject *strand = PySequence_GetItem(ready, 0), *taken, *turns;
    long count = PyLong_AsLong(AT(hub, HUB.turns)) + 1;
    int result = strand == NULL ? -1 : is_dead(strand);
    turns = PyLong_FromLong(count);
    if (turns == NULL || result < 0) {
        Py_XDECREF(strand);
        Py_XDECREF(turns);
        return -1;
    }
    put(hub, HUB.turns, turns);
    Py_DECREF(turns);
    if (result || count >= SWITCHES_MAX) {
        Py_DECREF(strand);
        return 0;
    }
    taken = PyObject_CallOneArg(popleft, ready);
    Py_XDECREF(taken);
    put(hub, HUB.current, strand);
    result = taken == NULL ? -1 : switch_to(strand);
    Py_DECREF(strand);
    return result < 0 ? -1 : 1;
}

/* Hub.turn */
static int turn(void)
{
    PyObject *ready = AT(hub, HUB.ready), *timers = AT(hub, HUB.timers);
    if (AT(hub, HUB.detour) != never)
        return switch_to_root();
    if (Py_SIZE(ready) > 0) {
        int result = go_ready(ready);
        if (result)
            return result < 0 ? -1 : 0;
    } else {
        if (prune(timers) < 0)
            return -1;
        if (PyList_GET_SIZE(timers) > 0) {
            double first = time_of(heap_of(timers)[0]);
            if (hub_now() < first && first < number(AT(hub, HUB.until)))
                return go(pop(timers));
        }
    }
    return switch_to_root();
}

/* A new timer for *waiter*, *delay* seconds from now. */
static PyObject *timer_for(double delay, PyObject *waiter)
{
    long long count = PyLong_AsLongLong(AT(hub, HUB.sequence)) + 1;
    PyObject *sequence = PyLong_FromLongLong(count), *due, *timer;
    double end, shown;
    if (sequence == NULL)
        return NULL;
    put(hub, HUB.sequence, sequence);
    end = hub_now() + delay;
    shown = end + GRID;
    shown = shown - GRID;
    due = PyFloat_FromDouble(shown >= end ? shown : shown + GRAIN);
    timer = due == NULL ? NULL : PyTuple_New(3);
    if (timer == NULL) {
        Py_XDECREF(due);
        Py_DECREF(sequence);
        return NULL;
    }
    Py_INCREF(waiter);
    PyTuple_SET_ITEM(timer, 0, due);
    PyTuple_SET_ITEM(timer, 1, sequence);
    PyTuple_SET_ITEM(timer, 2, waiter);
    return timer;
}

/* Go to the first of the timers and *timer*, at once if nothing else is due before. */
static int go_timer(PyObject *timer)
{
    PyObject *timers = AT(hub, HUB.timers), *first;
    double due;
    if (Py_SIZE(AT(hub, HUB.ready)) > 0 || AT(hub, HUB.detour) != never)
        return push(timers, timer) < 0 ? -1 : turn();
    first = push_pop(timers, timer);
    while (is_done(waiter_of(first))) {
        Py_DECREF(first);
        first = pop(timers);
        if (first == NULL)
            return -1;
    }
    due = time_of(first);
    if (hub_now() < due && due < number(AT(hub, HUB.until)))
        return go(first);
    if (push(timers, first) < 0) {
        Py_DECREF(first);
        return -1;
    }
    Py_DECREF(first);
    return turn();
}

/* Hub.sleep: block the strand of *waiter*, its own, until it is woken or *delay* seconds pass. */
static int sleep_for(double delay, PyObject *waiter)
{
    PyObject *timer;
    int result;
    if (delay < TICK)
        delay = delay > 0 ? TICK : 0.0;
    timer = timer_for(delay, waiter);
    if (timer == NULL)
        return -1;
    result = go_timer(timer);
    Py_DECREF(timer);
    while (result == 0) {
        if (Py_SIZE(AT(hub, HUB.signals)) > 0 && AT(waiter, WAITER.strand) == AT(hub, HUB.main) &&
            call_method(hub, s_take_signals) < 0)
            return -1;
        if (is_done(waiter))
            return 0;
        result = turn();
    }
    return result;
}

/* Hub.sleeper: a waiter for the calling strand, a new reference. */
static PyObject *sleeper(void)
{
    PyGreenlet *me = PyGreenlet_GetCurrent();
    PyObject *waiter = NULL;
    if (me == NULL)
        return NULL;
    if (Py_TYPE(me) == strand_type)
        waiter = AT(me, STRAND.sleeper);
    if (waiter == NULL || Py_TYPE(waiter) != waiter_type)
        waiter = PyObject_CallOneArg(py_sleeper, hub);
    else {
        Py_INCREF(waiter);
        put(waiter, WAITER.done, Py_False);
    }
    Py_DECREF(me);
    return waiter;
}

/* Wait as sleep_for() does, in the queue *waiters* of *what*. */
static int wait_among(PyObject *waiters, PyObject *waiter, double limit, PyObject *what)
{
    int result;
    if (call(append, waiters, waiter) < 0)
        return -1;
    put(waiter, WAITER.what, what);
    result = sleep_for(limit, waiter);
    put(waiter, WAITER.what, Py_None);
    return result;
}

/* Take *waiter* out of the queue that it waited in, in vain. */
static int leave(PyObject *waiters, PyObject *waiter)
{
    PyObject *first;
    int is_first;
    if (Py_SIZE(waiters) > 0) {
        first = PySequence_GetItem(waiters, 0);
        if (first == NULL)
            return -1;
        is_first = first == waiter;
        Py_DECREF(first);
        if (is_first)
            return call(popleft, waiters, NULL);
    }
    return call(py_leave, waiters, waiter);
}

static void renew_sleeper(PyObject *strand)
{
    if (Py_TYPE(strand) == strand_type)
        put(strand, STRAND.sleeper, Py_None);
    else if (PyObject_SetAttrString(strand, "sleeper", Py_None) < 0)
        PyErr_Clear();
}

static PyObject *hub_sleep(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
    PyObject *waiter = count > 1 && args[1] != Py_None ? args[1] : NULL;
    double delay;
    int result;
    if (count < 1 || count > 2) {
        PyErr_SetString(PyExc_TypeError, "sleep() takes a delay and a waiter");
        return NULL;
    }
    delay = number(args[0]);
    if (delay == -1.0 && PyErr_Occurred())
        return NULL;
    if (waiter == NULL)
        waiter = sleeper();
    else
        Py_INCREF(waiter);
    if (waiter == NULL)
        return NULL;
    result = sleep_for(delay, waiter);
    Py_DECREF(waiter);
    if (result < 0)
        return NULL;
    Py_RETURN_NONE;
}

static PyObject *hub_turn(PyObject *self, PyObject *none)
{
    if (turn() < 0)
        return NULL;
    Py_RETURN_NONE;
}

static PyObject *hub_fire(PyObject *self, PyObject *none)
{
    if (fire() < 0)
        return NULL;
    Py_RETURN_NONE;
}

/* -- clocks */

/* Count a read of the clock, as Clock.time and Clock.monotonic do. */
static int count_read(void)
{
    double now = hub_now();
    PyObject *kept;
    if (now != reads_at) {
        reads_at = now;
        reads = 0;
    }
    if (++reads <= READS_MAX)
        return 0;
    kept = PyLong_FromLong(reads);
    if (kept == NULL || PyObject_SetAttr(hub, s_reads, kept) < 0) {
        Py_XDECREF(kept);
        return -1;
    }
    Py_DECREF(kept);
    if (call_method(hub, s_count_read) < 0)
        return -1;
    kept = PyObject_GetAttr(hub, s_reads);
    if (kept == NULL)
        return -1;
    reads = PyLong_AsLong(kept);
    reads_at = hub_now();
    Py_DECREF(kept);
    return 0;
}

static PyObject *clock_at(Py_ssize_t offset)
{
    PyObject *moment;
    if (count_read() < 0)
        return NULL;
    moment = AT(hub, offset);
    Py_INCREF(moment);
    return moment;
}

static PyObject *clock_time(PyObject *self, PyObject *none)
{
    return clock_at(HUB.posix);
}

static PyObject *clock_monotonic(PyObject *self, PyObject *none)
{
    return clock_at(HUB.now);
}

static PyObject *clock_sleep(PyObject *self, PyObject *argument)
{
    PyObject *waiter;
    double seconds = number(argument);
    int result;
    if (seconds == -1.0 && PyErr_Occurred())
        return NULL;
    if (!(seconds >= 0 && seconds <= SLEEP_MAX)) {
        if (call(py_refuse_sleep, argument, NULL) < 0)
            return NULL;
        Py_RETURN_NONE;
    }
    waiter = sleeper();
    if (waiter == NULL)
        return NULL;
    result = sleep_for(seconds, waiter);
    Py_DECREF(waiter);
    if (result < 0)
        return NULL;
    Py_RETURN_NONE;
}

/* What *function* makes of the moment that is given, or of now. */
static PyObject *broken_down(PyObject *function, PyObject *const *args, Py_ssize_t count)
{
    PyObject *moment, *result;
    if (count == 1 && args[0] != Py_None)
        return PyObject_CallOneArg(function, args[0]);
    if (count > 1)
        return PyObject_Vectorcall(function, args, count, NULL);
    moment = clock_at(HUB.posix);
    if (moment == NULL)
        return NULL;
    result = PyObject_CallOneArg(function, moment);
    Py_DECREF(moment);
    return result;
}

static PyObject *clock_gmtime(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
    return broken_down(true_gmtime, args, count);
}

static PyObject *clock_localtime(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
    return broken_down(true_localtime, args, count);
}

static PyObject *clock_strftime(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
    PyObject *both[2], *result;
    if (count != 1 && !(count == 2 && args[1] == Py_None))
        return PyObject_Vectorcall(true_strftime, args, count, NULL);
    both[0] = args[0];
    both[1] = broken_down(true_localtime, NULL, 0);
    if (both[1] == NULL)
        return NULL;
    result = PyObject_Vectorcall(true_strftime, both, 2, NULL);
    Py_DECREF(both[1]);
    return result;
}

static PyObject *get_ident(PyObject *self, PyObject *none)
{
    PyGreenlet *me = PyGreenlet_GetCurrent();
    PyObject *ident;
    if (me == NULL)
        return NULL;
    if (Py_TYPE(me) == strand_type && AT(me, STRAND.ident) != NULL) {
        ident = AT(me, STRAND.ident);
        Py_INCREF(ident);
    } else
        ident = PyObject_GetAttrString((PyObject *)me, "ident");
    Py_DECREF(me);
    return ident;
}

/* -- locks */

/* Take a lock whose holder, if it has one, is no abandoned strand: 1 if that was done. */
static inline int take_free(PyObject *self)
{
    if (AT(self, LOCK.held) != Py_None)
        return 0;
    put(self, LOCK.held, AT(hub, HUB.current));
    return 1;
}

/* Waited._queue_up with a limit: 1 if the lock was handed over, 0 if not, -1 for an error. */
static int queue_up(PyObject *self, double limit)
{
    PyObject *waiter = sleeper(), *waiters = AT(self, LOCK.waiters);
    int result = -1;
    if (waiter == NULL)
        return -1;
    if (waiters == Py_None) {
        waiters = PyObject_CallNoArgs(deque_type);
        if (waiters == NULL)
            goto out;
        put(self, LOCK.waiters, waiters);
    } else
        Py_INCREF(waiters);
    if (wait_among(waiters, waiter, limit, self) < 0) {
        PyObject *kind, *error, *trace;
        PyErr_Fetch(&kind, &error, &trace);
        if (call(py_fall_out, self, waiter) < 0)
            PyErr_Clear();
        PyErr_Restore(kind, error, trace);
    } else if (AT(waiter, WAITER.value) != Py_True)
        result = leave(waiters, waiter);
    else if (call(popleft, waiters, NULL) == 0) {
        put(self, LOCK.held, AT(waiter, WAITER.strand));
        renew_sleeper(AT(waiter, WAITER.strand));
        result = 1;
    }
    Py_DECREF(waiters);
out:
    Py_DECREF(waiter);
    return result;
}

/* Waited._wait: with a plain limit here, else by the Python function. */
static PyObject *lock_wait(PyObject *self, PyObject *blocking, PyObject *timeout)
{
    PyObject *arguments[] = {NULL, self, blocking, timeout}, *held = AT(self, LOCK.held);
    double limit;
    int result;
    if (blocking != Py_True || !is_limit(timeout, &limit) ||
        (held != Py_None && Py_TYPE(held) != strand_type && Py_TYPE(held) != waiter_type))
        return PyObject_Vectorcall(
            py_lock_wait, arguments + 1, 3 | PY_VECTORCALL_ARGUMENTS_OFFSET, NULL);
    if (take_free(self))
        Py_RETURN_TRUE;
    if (lock_watcher != NULL)
        return PyObject_CallFunctionObjArgs(lock_watcher, self, timeout, NULL);
    result = queue_up(self, limit);
    return result < 0 ? NULL : PyBool_FromLong(result);
}

/* queue_up(lock, limit): what *lock_watcher* is to call in its turn. */
static PyObject *module_queue_up(PyObject *module, PyObject *const *args, Py_ssize_t count)
{
    double limit;
    int result;
    if (count != 2 || !is_limit(args[1], &limit))
        return PyErr_Format(PyExc_TypeError, "queue_up() takes a lock and a limit");
    result = queue_up(args[0], limit);
    return result < 0 ? NULL : PyBool_FromLong(result);
}

/* watch_locks(watcher): have *watcher* called with each lock that is waited for, and the limit. */
static PyObject *watch_locks(PyObject *module, PyObject *watcher)
{
    Py_INCREF(watcher);
    lock_watcher = watcher;
    Py_RETURN_NONE;
}

static PyObject *waited_wait(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
    if (count != 2) {
        PyErr_SetString(PyExc_TypeError, "_wait() takes two arguments");
        return NULL;
    }
    return lock_wait(self, args[0], args[1]);
}

/* The arguments of acquire(blocking=True, timeout=-1); 0 if they are none that are taken here. */
static inline int acquire_arguments(
    PyObject *const *args, Py_ssize_t count, PyObject *names, PyObject **blocking,
    PyObject **timeout)
{
    Py_ssize_t each;
    *blocking = count > 0 ? args[0] : Py_True;
    *timeout = count > 1 ? args[1] : NULL;
    if (count > 2)
        return 0;
    for (each = 0; names != NULL && each < PyTuple_GET_SIZE(names); each++) {
        PyObject *name = PyTuple_GET_ITEM(names, each);
        if (PyUnicode_CompareWithASCIIString(name, "blocking") == 0 && count < 1)
            *blocking = args[count + each];
        else if (PyUnicode_CompareWithASCIIString(name, "timeout") == 0 && count < 2)
            *timeout = args[count + each];
        else
            return 0;
    }
    if (*timeout != NULL && PyLong_CheckExact(*timeout) && PyLong_AsLong(*timeout) == -1) {
        if (PyErr_Occurred())
            PyErr_Clear();
        else
            *timeout = NULL;
    }
    return 1;
}

/* Call *function* as it was called here, with *self* first. */
static PyObject *by_python(
    PyObject *function, PyObject *self, PyObject *const *args, Py_ssize_t count, PyObject *names)
{
    Py_ssize_t all = count + (names == NULL ? 0 : PyTuple_GET_SIZE(names)), each;
    PyObject *given[8];
    if (all > 7) {
        PyErr_SetString(PyExc_TypeError, "too many arguments");
        return NULL;
    }
    given[0] = self;
    for (each = 0; each < all; each++)
        given[each + 1] = args[each];
    return PyObject_Vectorcall(function, given, count + 1, names);
}

static PyObject *lock_acquire(
    PyObject *self, PyObject *const *args, Py_ssize_t count, PyObject *names)
{
    PyObject *blocking, *timeout;
    if (acquire_arguments(args, count, names, &blocking, &timeout)) {
        if (timeout != NULL)
            return lock_wait(self, blocking, timeout);
        if (take_free(self))
            Py_RETURN_TRUE;
        if (blocking == Py_False && Py_TYPE(AT(self, LOCK.held)) == strand_type)
            Py_RETURN_FALSE;
    }
    return by_python(py_lock_acquire, self, args, count, names);
}

static int let_go(PyObject *self)
{
    if (DEQUE_HAS(AT(self, LOCK.waiters)) || AT(self, LOCK.held) == Py_None)
        return call(py_lock_release, self, NULL);
    put(self, LOCK.held, Py_None);
    return 0;
}

static PyObject *lock_release(PyObject *self, PyObject *none)
{
    if (let_go(self) < 0)
        return NULL;
    Py_RETURN_NONE;
}

static PyObject *lock_exit(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
    return lock_release(self, NULL);
}

static int is_mine(PyObject *self)
{
    PyGreenlet *me = PyGreenlet_GetCurrent();
    int result = AT(self, RLOCK.owner) == (PyObject *)me;
    Py_XDECREF(me);
    return result;
}

/* Set how often its owner has taken an RLock. */
static int set_count(PyObject *self, long count)
{
    PyObject *kept = PyLong_FromLong(count);
    if (kept == NULL)
        return -1;
    put(self, RLOCK.count, kept);
    Py_DECREF(kept);
    return 0;
}

static PyObject *rlock_acquire(
    PyObject *self, PyObject *const *args, Py_ssize_t count, PyObject *names)
{
    PyGreenlet *me;
    if (count + (names == NULL ? 0 : PyTuple_GET_SIZE(names)) > 0)
        return by_python(py_rlock_acquire, self, args, count, names);
    me = PyGreenlet_GetCurrent();
    if (me == NULL)
        return NULL;
    if (AT(self, RLOCK.owner) == (PyObject *)me) {
        Py_DECREF(me);
        if (set_count(self, PyLong_AsLong(AT(self, RLOCK.count)) + 1) < 0)
            return NULL;
        Py_RETURN_TRUE;
    }
    if (take_free(self)) {
        put(self, RLOCK.owner, (PyObject *)me);
        Py_DECREF(me);
        if (set_count(self, 1) < 0)
            return NULL;
        Py_RETURN_TRUE;
    }
    Py_DECREF(me);
    return by_python(py_rlock_acquire, self, args, count, names);
}

static int rlock_let_go(PyObject *self)
{
    long count = PyLong_AsLong(AT(self, RLOCK.count));
    if (!is_mine(self) || DEQUE_HAS(AT(self, LOCK.waiters)))
        return call(py_rlock_release, self, NULL);
    if (count > 1)
        return set_count(self, count - 1);
    put(self, RLOCK.owner, Py_None);
    put(self, LOCK.held, Py_None);
    return set_count(self, 0);
}

static PyObject *rlock_release(PyObject *self, PyObject *none)
{
    if (rlock_let_go(self) < 0)
        return NULL;
    Py_RETURN_NONE;
}

static PyObject *rlock_exit(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
    return rlock_release(self, NULL);
}

/* -- conditions */

/* Whether the caller holds the lock of a condition, which is one of ours. */
static int is_owned(PyObject *lock)
{
    if (Py_TYPE(lock) == lock_type)
        return AT(lock, LOCK.held) != Py_None;
    return Py_TYPE(lock) == rlock_type && is_mine(lock);
}

/* Let go of the lock of a condition; what an RLock was, for taking it again, goes to *state*. */
static int release_save(PyObject *lock, PyObject **state)
{
    *state = NULL;
    if (Py_TYPE(lock) == lock_type) {
        if (DEQUE_HAS(AT(lock, LOCK.waiters)))
            return call(py_lock_pass_on, lock, NULL);
        put(lock, LOCK.held, Py_None);
        return 0;
    }
    *state = PyTuple_Pack(2, AT(lock, RLOCK.count), AT(lock, RLOCK.owner));
    if (*state == NULL || set_count(lock, 1) < 0)
        return -1;
    return rlock_let_go(lock);
}

/* Take the lock of a condition again. */
static int acquire_restore(PyObject *lock, PyObject *state)
{
    if (AT(lock, LOCK.held) != Py_None)
        return state == NULL ? call(py_lock_acquire, lock, NULL)
                             : call(py_acquire_restore, lock, state);
    put(lock, LOCK.held, AT(hub, HUB.current));
    if (state != NULL) {
        put(lock, RLOCK.count, PyTuple_GET_ITEM(state, 0));
        put(lock, RLOCK.owner, PyTuple_GET_ITEM(state, 1));
    }
    return 0;
}

/* Condition.wait with a limit, its lock held: 1 if notified, 0 if not, -1 for an error. */
static int await_notice(PyObject *self, PyObject *lock, PyObject *waiters, double limit)
{
    PyObject *waiter = sleeper(), *state = NULL, *kind = NULL, *error = NULL, *trace = NULL;
    int told, result = -1;
    if (waiter == NULL)
        return -1;
    if (call(append, waiters, waiter) < 0 || release_save(lock, &state) < 0)
        goto out;
    put(waiter, WAITER.what, self);
    result = sleep_for(limit, waiter);
    put(waiter, WAITER.what, Py_None);
    PyErr_Fetch(&kind, &error, &trace);
    told = AT(waiter, WAITER.value) == Py_True;
    if (acquire_restore(lock, state) < 0)
        result = -1;
    else {
        if (told)
            renew_sleeper(AT(waiter, WAITER.strand));
        else if (leave(waiters, waiter) < 0)
            result = -1;
        if (kind != NULL)
            PyErr_Restore(kind, error, trace);
        kind = error = trace = NULL;
        if (result == 0)
            result = told;
    }
    Py_XDECREF(kind);
    Py_XDECREF(error);
    Py_XDECREF(trace);
out:
    Py_XDECREF(state);
    Py_DECREF(waiter);
    return result;
}

static PyObject *condition_wait(
    PyObject *self, PyObject *const *args, Py_ssize_t count, PyObject *names)
{
    PyObject *timeout = Py_None, *lock, *waiters;
    double limit;
    int result = -2;
    if (count == 1 && names == NULL)
        timeout = args[0];
    else if (count == 0 && names != NULL && PyTuple_GET_SIZE(names) == 1 &&
             PyUnicode_CompareWithASCIIString(PyTuple_GET_ITEM(names, 0), "timeout") == 0)
        timeout = args[0];
    if (!is_limit(timeout, &limit))
        return by_python(py_condition_wait, self, args, count, names);
    lock = PyObject_GetAttr(self, s_lock);
    waiters = lock == NULL ? NULL : PyObject_GetAttr(self, s_waiters);
    if (waiters != NULL && is_owned(lock))
        result = await_notice(self, lock, waiters, limit);
    Py_XDECREF(waiters);
    Py_XDECREF(lock);
    if (result == -2 && !PyErr_Occurred())
        return by_python(py_condition_wait, self, args, count, names);
    return result < 0 ? NULL : PyBool_FromLong(result);
}

/* -- queues */

/* How many items a queue has, -1 for an error; what a subclass says counts. */
static Py_ssize_t size_of(PyObject *queue)
{
    PyObject *items;
    Py_ssize_t size = -1;
    if (_PyType_Lookup(Py_TYPE(queue), s_qsize) == queue_size) {
        items = PyObject_GetAttr(queue, s_queue);
        size = items == NULL ? -1 : PyObject_Size(items);
    } else {
        items = PyObject_CallMethodNoArgs(queue, s_qsize);
        size = items == NULL ? -1 : PyObject_IsTrue(items);
    }
    Py_XDECREF(items);
    return size;
}

/* Whether a queue is empty, and nobody uses it: 1 or 0, -1 for an error. */
static int is_idle(PyObject *self, PyObject *mutex)
{
    PyObject *flag;
    Py_ssize_t size;
    int is_shut;
    if (Py_TYPE(mutex) != lock_type || AT(mutex, LOCK.held) != Py_None)
        return 0;
    size = size_of(self);
    if (size != 0 || !has_shutdown)
        return size < 0 ? -1 : size == 0;
    flag = PyObject_GetAttr(self, s_is_shutdown);
    is_shut = flag == NULL ? -1 : PyObject_IsTrue(flag);
    Py_XDECREF(flag);
    return is_shut < 0 ? -1 : !is_shut;
}

/* queues._is_told: 1 if the wait was ended by notify(), 0 if not, -1 for an error. */
static int is_told(PyObject *self, PyObject *waiters, double limit)
{
    PyObject *waiter = sleeper(), *kind, *error, *trace;
    int result, told;
    if (waiter == NULL)
        return -1;
    result = wait_among(waiters, waiter, limit, self);
    PyErr_Fetch(&kind, &error, &trace);
    told = AT(waiter, WAITER.value) == Py_True;
    if (told)
        renew_sleeper(AT(waiter, WAITER.strand));
    else if (leave(waiters, waiter) < 0)
        PyErr_Clear();
    PyErr_Restore(kind, error, trace);
    Py_DECREF(waiter);
    return result < 0 ? -1 : told;
}

/* Wait in an empty queue that nobody uses, and look again, as queues.get does. */
static PyObject *get_late(PyObject *self, PyObject *mutex, double timeout)
{
    PyObject *condition = PyObject_GetAttr(self, s_not_empty), *waiters, *result = NULL, *left;
    double end = hub_now() + timeout, limit = end - hub_now();
    int told = -1;
    if (condition == NULL)
        return NULL;
    waiters = PyObject_GetAttr(condition, s_waiters);
    Py_DECREF(condition);
    if (waiters == NULL)
        return NULL;
    told = is_told(self, waiters, limit);
    Py_DECREF(waiters);
    if (told < 0)
        return NULL;
    if (told) {
        limit = end - hub_now();
        left = PyFloat_FromDouble(limit > 0 ? limit : 0.0);
        if (left == NULL)
            return NULL;
        result = PyObject_CallFunctionObjArgs(py_library_get, self, Py_True, left, NULL);
        Py_DECREF(left);
        return result;
    }
    if (AT(mutex, LOCK.held) == Py_None) {
        Py_ssize_t size = size_of(self);
        if (size < 0)
            return NULL;
        if (size == 0) {
            PyErr_SetNone(empty);
            return NULL;
        }
    }
    return PyObject_CallFunctionObjArgs(py_library_get, self, Py_False, NULL);
}

/* The arguments of get(block=True, timeout=None); 0 if they are none that are taken here. */
static int get_arguments(
    PyObject *const *args, Py_ssize_t count, PyObject *names, PyObject **block, PyObject **timeout)
{
    Py_ssize_t each;
    *block = count > 0 ? args[0] : Py_True;
    *timeout = count > 1 ? args[1] : Py_None;
    for (each = 0; names != NULL && each < PyTuple_GET_SIZE(names); each++) {
        PyObject *name = PyTuple_GET_ITEM(names, each);
        if (PyUnicode_CompareWithASCIIString(name, "block") == 0 && count < 1)
            *block = args[count + each];
        else if (PyUnicode_CompareWithASCIIString(name, "timeout") == 0 && count < 2)
            *timeout = args[count + each];
        else
            return 0;
    }
    return count <= 2 && (*block == Py_True || *block == Py_False);
}

static PyObject *queue_get(
    PyObject *self, PyObject *const *args, Py_ssize_t count, PyObject *names)
{
    PyObject *block, *timeout, *mutex, *result = NULL;
    double limit = 0;
    int idle;
    if (!get_arguments(args, count, names, &block, &timeout) ||
        (block == Py_True && !is_limit(timeout, &limit)))
        return by_python(py_queue_get, self, args, count, names);
    mutex = PyObject_GetAttr(self, s_mutex);
    if (mutex == NULL)
        return NULL;
    idle = is_idle(self, mutex);
    if (idle == 0 || (idle > 0 && block == Py_True && hub_now() + limit - hub_now() <= 0))
        result = by_python(py_queue_get, self, args, count, names);
    else if (idle > 0 && block == Py_True)
        result = get_late(self, mutex, limit);
    else if (idle > 0)
        PyErr_SetNone(empty);
    Py_DECREF(mutex);
    return result;
}

/* -- files */

static PyObject *file_write(PyObject *self, PyObject *data)
{
    PyObject *arguments[] = {NULL, self, data};
    put(writes, MAYBE, Py_True);
    return PyObject_Vectorcall(
        true_write, arguments + 1, 2 | PY_VECTORCALL_ARGUMENTS_OFFSET, NULL);
}

/* Stamps._stamp: give the file *path* the time of now; one that is gone has nothing left. */
static int stamp(PyObject *path)
{
    PyObject *name = PyUnicode_EncodeFSDefault(path);
    long long moment = (long long)(number(AT(hub, HUB.posix)) * 1e9);
    struct timespec times[2];
    if (name == NULL)
        return -1;
    times[0].tv_sec = times[1].tv_sec = moment / 1000000000;
    times[0].tv_nsec = times[1].tv_nsec = moment % 1000000000;
    utimensat(AT_FDCWD, PyBytes_AS_STRING(name), times, AT_SYMLINK_NOFOLLOW);
    Py_DECREF(name);
    return 0;
}

/* stamp_known(number, known, rest): stamp what the events that *number* gives tell of, if they are
   *known* to tell of nothing but writes; else *rest* is called with them. */
static PyObject *stamp_known(PyObject *module, PyObject *const *args, Py_ssize_t count)
{
    static char events[EVENTS_MAX];
    PyObject *data, *paths, *path, *value;
    Py_ssize_t taken, place = 0;
    int failed = 0;
    if (count != 3)
        return PyErr_Format(PyExc_TypeError, "stamp_known() takes three arguments");
    do
        taken = read((int)PyLong_AsLong(args[0]), events, EVENTS_MAX);
    while (taken < 0 && errno == EINTR);
    if (taken < 0 && errno != EAGAIN)
        return PyErr_SetFromErrno(PyExc_OSError);
    if (taken <= 0)
        Py_RETURN_NONE;
    data = PyBytes_FromStringAndSize(events, taken);
    if (data == NULL)
        return NULL;
    paths = taken < KNOWN_BYTES_MAX ? PyDict_GetItemWithError(args[1], data) : NULL;
    if (paths != NULL)
        while (!failed && PyDict_Next(paths, &place, &path, &value))
            failed = stamp(path);
    else
        failed = PyErr_Occurred() ? -1 : call(args[2], data, NULL);
    Py_DECREF(data);
    if (failed)
        return NULL;
    Py_RETURN_NONE;
}

/* -- putting it in place */

#define FAST (PyCFunction)(void (*)(void))

static PyMethodDef HUB_METHODS[] = {
    {"sleep", FAST hub_sleep, METH_FASTCALL, NULL},
    {"turn", hub_turn, METH_NOARGS, NULL},
    {"fire", hub_fire, METH_NOARGS, NULL},
    {NULL}};
static PyMethodDef WAITED_METHODS[] = {{"_wait", FAST waited_wait, METH_FASTCALL, NULL}, {NULL}};
static PyMethodDef LOCK_METHODS[] = {
    {"acquire", FAST lock_acquire, METH_FASTCALL | METH_KEYWORDS, NULL},
    {"acquire_lock", FAST lock_acquire, METH_FASTCALL | METH_KEYWORDS, NULL},
    {"__enter__", FAST lock_acquire, METH_FASTCALL | METH_KEYWORDS, NULL},
    {"release", lock_release, METH_NOARGS, NULL},
    {"release_lock", lock_release, METH_NOARGS, NULL},
    {"__exit__", FAST lock_exit, METH_FASTCALL, NULL},
    {NULL}};
static PyMethodDef RLOCK_METHODS[] = {
    {"acquire", FAST rlock_acquire, METH_FASTCALL | METH_KEYWORDS, NULL},
    {"__enter__", FAST rlock_acquire, METH_FASTCALL | METH_KEYWORDS, NULL},
    {"release", rlock_release, METH_NOARGS, NULL},
    {"__exit__", FAST rlock_exit, METH_FASTCALL, NULL},
    {NULL}};
static PyMethodDef CONDITION_METHODS[] = {
    {"wait", FAST condition_wait, METH_FASTCALL | METH_KEYWORDS, NULL}, {NULL}};
static PyMethodDef QUEUE_METHODS[] = {
    {"get", FAST queue_get, METH_FASTCALL | METH_KEYWORDS, NULL}, {NULL}};
static PyMethodDef FILE_METHODS[] = {{"write", file_write, METH_O, NULL}, {NULL}};

static int put_methods(PyObject *type, PyMethodDef *methods)
{
    for (; methods->ml_name != NULL; methods++) {
        PyObject *method = PyDescr_NewMethod((PyTypeObject *)type, methods);
        if (method == NULL || PyObject_SetAttrString(type, methods->ml_name, method) < 0) {
            Py_XDECREF(method);
            return -1;
        }
        Py_DECREF(method);
    }
    return 0;
}

/* The offset of a slot; -1 and an exception if the class has no such. */
static Py_ssize_t slot(PyObject *type, const char *name)
{
    PyObject *found = PyObject_GetAttrString(type, name);
    Py_ssize_t offset = -1;
    if (found != NULL && Py_TYPE(found) == &PyMemberDescr_Type)
        offset = ((PyMemberDescrObject *)found)->d_member->offset;
    else if (found != NULL)
        PyErr_Format(PyExc_TypeError, "%s is no slot", name);
    Py_XDECREF(found);
    return offset;
}

#define SLOT(where, type, name, label) \
    if ((where.name = slot(type, label)) < 0) \
    return NULL
#define SAME(where, type, name) SLOT(where, type, name, #name)

static PyObject *keep(PyObject *parts, const char *name)
{
    PyObject *found = PyDict_GetItemString(parts, name);
    if (found == NULL)
        PyErr_Format(PyExc_KeyError, "%s", name);
    Py_XINCREF(found);
    return found;
}

#define KEEP(variable, name) \
    if ((variable = keep(parts, name)) == NULL) \
    return NULL
#define KEEP_TYPE(variable, name) \
    if ((variable = (PyTypeObject *)keep(parts, name)) == NULL) \
    return NULL

/* install(parts): take over from the hub, the locks and the clock that *parts* holds. */
static PyObject *install(PyObject *module, PyObject *parts)
{
    PyObject *hub_class, *lock_class;
    KEEP(hub, "hub");
    KEEP(never, "Never");
    KEEP_TYPE(strand_type, "Strand");
    KEEP_TYPE(waiter_type, "Waiter");
    KEEP_TYPE(lock_type, "Lock");
    KEEP_TYPE(rlock_type, "RLock");
    KEEP(py_sleeper, "Hub.sleeper");
    KEEP(py_lock_wait, "Waited._wait");
    KEEP(py_fall_out, "Waited._fall_out");
    KEEP(py_lock_acquire, "Lock.acquire");
    KEEP(py_lock_release, "Lock.release");
    KEEP(py_lock_pass_on, "Lock._pass_on");
    KEEP(py_rlock_acquire, "RLock.acquire");
    KEEP(py_rlock_release, "RLock.release");
    KEEP(py_acquire_restore, "RLock._acquire_restore");
    KEEP(py_leave, "leave");
    KEEP(py_refuse_sleep, "refuse_sleep");
    KEEP(true_gmtime, "gmtime");
    KEEP(true_localtime, "localtime");
    KEEP(true_strftime, "strftime");
    KEEP(deque_type, "deque");
    append = PyObject_GetAttrString(deque_type, "append");
    popleft = PyObject_GetAttrString(deque_type, "popleft");
    if (append == NULL || popleft == NULL)
        return NULL;
    hub_class = (PyObject *)Py_TYPE(hub);
    SAME(HUB, hub_class, now);
    SAME(HUB, hub_class, posix);
    SAME(HUB, hub_class, epoch);
    SAME(HUB, hub_class, until);
    SAME(HUB, hub_class, ready);
    SAME(HUB, hub_class, timers);
    SAME(HUB, hub_class, sequence);
    SAME(HUB, hub_class, turns);
    SAME(HUB, hub_class, signals);
    SAME(HUB, hub_class, current);
    SAME(HUB, hub_class, root);
    SAME(HUB, hub_class, main);
    SAME(HUB, hub_class, written);
    SAME(HUB, hub_class, detour);
    SAME(STRAND, (PyObject *)strand_type, ident);
    SAME(STRAND, (PyObject *)strand_type, sleeper);
    SAME(WAITER, (PyObject *)waiter_type, done);
    SAME(WAITER, (PyObject *)waiter_type, strand);
    SAME(WAITER, (PyObject *)waiter_type, value);
    SAME(WAITER, (PyObject *)waiter_type, what);
    lock_class = (PyObject *)rlock_type;
    SLOT(LOCK, lock_class, held, "_held");
    SLOT(LOCK, lock_class, waiters, "_waiters");
    SLOT(RLOCK, lock_class, count, "_count");
    SLOT(RLOCK, lock_class, owner, "_owner");
    if (put_methods(hub_class, HUB_METHODS) < 0 ||
        put_methods((PyObject *)lock_type->tp_base, WAITED_METHODS) < 0 ||
        put_methods((PyObject *)lock_type, LOCK_METHODS) < 0 ||
        put_methods((PyObject *)rlock_type, RLOCK_METHODS) < 0)
        return NULL;
    Py_RETURN_NONE;
}

/* install_conditions(Condition, wait): *wait* is the Python function for the rest. */
static PyObject *install_conditions(PyObject *module, PyObject *args)
{
    PyObject *type;
    if (!PyArg_ParseTuple(args, "OO", &type, &py_condition_wait))
        return NULL;
    Py_INCREF(py_condition_wait);
    if (put_methods(type, CONDITION_METHODS) < 0)
        return NULL;
    Py_RETURN_NONE;
}

/* install_queues(Queue, Empty, get, library_get) */
static PyObject *install_queues(PyObject *module, PyObject *args)
{
    PyObject *type;
    if (!PyArg_ParseTuple(args, "OOOO", &type, &empty, &py_queue_get, &py_library_get))
        return NULL;
    Py_INCREF(empty);
    Py_INCREF(py_queue_get);
    Py_INCREF(py_library_get);
    queue_size = PyObject_GetAttr(type, s_qsize);
    if (queue_size == NULL || put_methods(type, QUEUE_METHODS) < 0)
        return NULL;
    has_shutdown = PyObject_HasAttrString(type, "shutdown");
    Py_RETURN_NONE;
}

/* know_writes(writes): what tells whether anything was written. */
static PyObject *know_writes(PyObject *module, PyObject *given)
{
    writes = given;
    Py_INCREF(writes);
    writes_type = Py_TYPE(writes);
    MAYBE = slot((PyObject *)writes_type, "maybe");
    if (MAYBE < 0)
        return NULL;
    Py_RETURN_NONE;
}

/* install_writes(FileIO, true_write, writes) */
static PyObject *install_writes(PyObject *module, PyObject *args)
{
    PyObject *type, *given, *none;
    if (!PyArg_ParseTuple(args, "OOO", &type, &true_write, &given))
        return NULL;
    Py_INCREF(true_write);
    none = know_writes(module, given);
    if (none == NULL || put_methods(type, FILE_METHODS) < 0)
        return NULL;
    return none;
}

static PyMethodDef FUNCTIONS[] = {
    {"install", install, METH_O, NULL},
    {"install_conditions", install_conditions, METH_VARARGS, NULL},
    {"install_queues", install_queues, METH_VARARGS, NULL},
    {"install_writes", install_writes, METH_VARARGS, NULL},
    {"know_writes", know_writes, METH_O, NULL},
    {"queue_up", FAST module_queue_up, METH_FASTCALL, NULL},
    {"watch_locks", watch_locks, METH_O, NULL},
    {"stamp_known", FAST stamp_known, METH_FASTCALL, NULL},
    {"time", clock_time, METH_NOARGS, "time() -> floating point number"},
    {"monotonic", clock_monotonic, METH_NOARGS, "monotonic() -> float"},
    {"perf_counter", clock_monotonic, METH_NOARGS, "perf_counter() -> float"},
    {"sleep", clock_sleep, METH_O, "sleep(seconds)"},
    {"gmtime", FAST clock_gmtime, METH_FASTCALL, "gmtime([seconds]) -> struct_time"},
    {"localtime", FAST clock_localtime, METH_FASTCALL, "localtime([seconds]) -> struct_time"},
    {"strftime", FAST clock_strftime, METH_FASTCALL, "strftime(format[, tuple]) -> string"},
    {"get_ident", get_ident, METH_NOARGS, "get_ident() -> integer"},
    {NULL}};

static struct PyModuleDef MODULE = {
    PyModuleDef_HEAD_INIT, "_flightsim_waits", "The hot path of a guest.", -1, FUNCTIONS};

static int intern_names(void)
{
    struct { PyObject **place; const char *name; } names[] = {
        {&s_lock, "_lock"}, {&s_waiters, "_waiters"}, {&s_mutex, "mutex"}, {&s_qsize, "_qsize"},
        {&s_not_empty, "not_empty"}, {&s_queue, "queue"}, {&s_is_shutdown, "is_shutdown"},
        {&s_prepare, "prepare"}, {&s_take_signals, "take_signals"}, {&s_count_read, "count_read"},
        {&s_dead, "dead"}, {&s_maybe, "maybe"}, {&s_reads, "reads"}};
    size_t each;
    for (each = 0; each < sizeof names / sizeof names[0]; each++)
        if ((*names[each].place = PyUnicode_InternFromString(names[each].name)) == NULL)
            return -1;
    return 0;
}

PyMODINIT_FUNC PyInit__flightsim_waits(void)
{
    PyGreenlet_Import();
    if (_PyGreenlet_API == NULL || intern_names() < 0)
        return NULL;
    return PyModule_Create(&MODULE);
}

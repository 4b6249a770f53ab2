"""A process forked or spawned from one that trains gives the same bits, or says why it cannot; none of them hangs."""

from support import blobs, outcome, python

# What a forked process gives comes back through a pipe. The alarm is for a lock that would hold it for ever.
CHILD = """
import os, signal, threading
import samebits as sb
from support import blobs, cnn, outcome

def forked(work):
    reading, writing = os.pipe()
    process = os.fork()
    if process == 0:
        signal.alarm(60)
        try:
            os.write(writing, " ".join(map(str, work())).encode())
        finally:
            os._exit(0)
    os.close(writing)
    with open(reading) as pipe:
        text = pipe.read()
    assert os.waitpid(process, 0)[1] == 0, "the child ended by a signal"
    return text
"""


def test_fork_before_during_and_after_training() -> None:
    code = """
sb.runtime.configure(threads=3)
got = [" ".join(outcome(*blobs()))]  # and all is imported: Python's own lock of a module would be copied as it is
got.append(forked(lambda: outcome(*blobs())))
stop = False
def work():
    while not stop:
        cnn().fit(*blobs(), verbose=0)
thread = threading.Thread(target=work, daemon=True)
thread.start()
def reconfigured():
    sb.runtime.configure(threads=2)
    return outcome(*blobs())
for _ in range(10):
    got.append(forked(reconfigured))
stop = True
thread.join()
got.append(forked(lambda: outcome(*blobs())))
assert got == got[:1] * 13, got
print(got[0])
"""
    assert python(CHILD + code).stdout.split() == outcome(*blobs())


def test_a_model_forked_in_the_middle_of_a_call_is_refused() -> None:
    code = """
model = cnn()
outcome(*blobs())  # all is imported
started, stop = threading.Event(), threading.Event()
class Watch(sb.callbacks.Callback):
    def on_train_batch_end(self, batch, logs=None):
        started.set()
        self.model.stop_training = stop.is_set()
thread = threading.Thread(target=lambda: model.fit(*blobs(), epochs=10**6, verbose=0, callbacks=[Watch()]), daemon=True)
thread.start()
started.wait()
def use():
    said = []
    def ask():
        try:
            said.append(model.digest())
        except sb.RunFailedError as error:
            said.append(error)
    ask()
    other = threading.Thread(target=ask)  # where the ended thread's stack and number are taken again
    other.start()
    other.join()
    return said + outcome(*blobs())
print(forked(use))
stop.set()
thread.join()
digest = model.digest()
print(forked(lambda: [model.digest() == digest]))
"""
    first, second = python(CHILD + code).stdout.splitlines()
    assert first.count("[model] a model is not forked in the middle of a call; got one") == 2
    assert first.split()[-2:] == outcome(*blobs())
    assert second == "True"


def test_fork_in_a_callback() -> None:
    """Both processes go on with the run and end with the same bits."""
    code = """
model = cnn()
reading, writing = os.pipe()
class Fork(sb.callbacks.Callback):
    child = None
    def on_epoch_end(self, epoch, logs=None):
        if epoch == 1:
            self.child = os.fork()
fork = Fork()
model.fit(*blobs(), epochs=4, verbose=0, callbacks=[fork])
if fork.child == 0:
    os.write(writing, model.digest().encode())
    os._exit(0)
assert os.waitpid(fork.child, 0)[1] == 0
assert os.read(reading, 1000).decode() == model.digest()
alone = cnn()
alone.fit(*blobs(), epochs=4, verbose=0)
print(alone.digest() == model.digest())
"""
    assert python(CHILD + code).stdout == "True\n"


def test_multiprocessing() -> None:
    code = """
import multiprocessing
from support import blobs, outcome

print(*outcome(*blobs()))
for method in ("spawn", "fork", "forkserver"):
    with multiprocessing.get_context(method).Pool(2) as pool:
        for got in pool.starmap(outcome, [blobs()] * 4):
            print(*got)
"""
    lines = python(code).stdout.splitlines()
    assert [line.split() for line in lines] == [outcome(*blobs())] * 13

"""Times PyTorch's eager training step, as a peer for the benchmark.

Reads JSON lines {"network", "loss", "batch", "threads", "steps"} from standard input and answers each
with a JSON line {"milliseconds": [...], "version": "..."}; one process, so that measurements of the
two sides can be interleaved.
"""

import json
import resource
import sys
import time

import torch
from torch import nn
import torch.nn.functional as F


class Mnist(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3, padding=1)
        self.conv2 = nn.Conv2d(32, 64, 3, padding=1)
        self.dense = nn.Linear(64 * 7 * 7, 64)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = self.dense(x.flatten(1))
        return x / x.square().sum(1, keepdim=True).clamp(min=1e-10).sqrt()


class Fashion(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 16, 3, stride=2)
        self.conv2 = nn.Conv2d(16, 32, 3)
        self.conv3 = nn.Conv2d(32, 64, 3, stride=2)
        self.dense = nn.Linear(64, 64)
        self.head = nn.Linear(64, 10)

    def forward(self, x):
        for conv in (self.conv1, self.conv2, self.conv3):
            x = F.relu(conv(x))
        return self.dense(x.mean((2, 3)))


def distances(e):
    gram = e @ e.t()
    norms = gram.diagonal()
    squares = (norms[None, :] - 2 * gram + norms[:, None]).clamp(min=0)
    zero = (squares == 0).float()
    return (squares + zero * 1e-16).sqrt() * (1 - zero)


def batch_all(e, y, margin=0.5):
    d = distances(e)
    same = y[:, None] == y[None, :]
    positive = same & ~torch.eye(len(y), dtype=torch.bool)
    mask = (positive[:, :, None] & ~same[:, None, :]).float()
    t = ((d[:, :, None] - d[:, None, :] + margin) * mask).clamp(min=0)
    return t.sum() / ((t > 1e-16).float().sum() + 1e-16)


def batch_hard(e, y, margin=0.5):
    d = distances(e)
    same = y[:, None] == y[None, :]
    positive = (same & ~torch.eye(len(y), dtype=torch.bool)).float()
    hardest_positive = (d * positive).max(1).values
    hardest_negative = (d + d.max(1, keepdim=True).values * same.float()).min(1).values
    return (hardest_positive - hardest_negative + margin).clamp(min=0).mean()


def make_step(network, loss, batch):
    torch.manual_seed(0)
    net = {"mnist": Mnist, "fashion": Fashion}[network]()
    optimiser = torch.optim.Adam(net.parameters(), lr=1e-3)
    images, labels = torch.rand(batch, 1, 28, 28), torch.arange(batch) % 10

    def step():
        e = net(images)
        if loss == "softmax":
            value = F.cross_entropy(net.head(e), labels)
        else:
            value = {"batch_all": batch_all, "batch_hard": batch_hard}[loss](e, labels)
        optimiser.zero_grad()
        value.backward()
        optimiser.step()

    return step


steps = {}
for line in sys.stdin:
    ask = json.loads(line)
    torch.set_num_threads(ask["threads"])
    key = (ask["network"], ask["loss"], ask["batch"])
    if key not in steps:
        steps.clear()
        steps[key] = make_step(*key)
        steps[key]()
    times = []
    for _ in range(ask["steps"]):
        start = time.perf_counter()
        steps[key]()
        times.append(1000 * (time.perf_counter() - start))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"milliseconds": times, "version": torch.__version__, "peakMegabytes": peak}))
    sys.stdout.flush()

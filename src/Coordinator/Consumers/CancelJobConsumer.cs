using Upweave.Contracts.Messages;
using Upweave.Coordinator.Jobs;

namespace Upweave.Coordinator.Consumers;

/// <summary>Asks a job to stop; that it has stopped is an event.</summary>
public sealed class CancelJobConsumer(JobService jobs) : JobOrderConsumer<CancelJob>(jobs, order => order.JobId);

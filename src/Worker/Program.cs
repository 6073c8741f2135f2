using Upweave.ServiceDefaults;
using Upweave.Worker;

return await HostProgram.RunAsync(() => WorkerHost.Create(args));
